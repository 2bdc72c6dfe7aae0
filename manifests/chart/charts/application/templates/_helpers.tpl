{{- define "application.labels" -}}
app.kubernetes.io/name: calico-admission
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* The account of the server in this cluster: gardener-operator sets it for the virtual garden. */}}
{{- define "application.account" -}}
{{- $account := .Values.keeper.serviceAccount }}
{{- $given := dig "virtualCluster" "serviceAccount" dict (.Values.gardener | default dict) -}}
- kind: ServiceAccount
  name: {{ $given.name | default $account.name }}
  namespace: {{ $given.namespace | default $account.namespace | default .Release.Namespace }}
{{- end }}

{{/* The fields of both webhooks; call it with the chart's context and the path. */}}
{{- define "application.webhook" -}}
{{- $values := .context.Values -}}
{{- $own := $values.endpoint.service.namespace | default .context.Release.Namespace -}}
admissionReviewVersions: [v1]
clientConfig:
  {{- with $values.caBundle }}
  caBundle: {{ b64enc . }}
  {{- end }}
  {{- if $values.endpoint.url }}
  url: {{ $values.endpoint.url }}{{ .path }}
  {{- else }}
  service:
    name: {{ $values.endpoint.service.name }}
    namespace: {{ $own }}
    path: {{ .path }}
    port: 443
  {{- end }}
failurePolicy: {{ include "application.failurePolicy" .context }}
matchPolicy: Equivalent
sideEffects: None
timeoutSeconds: {{ $values.timeoutSeconds }}
{{- /* Nothing more: no subresources (a rejected status update would lock a Shoot), no deletions. */}}
rules:
  {{- include (printf "application.%s.%s" (ternary "validated" "mutated" (eq .path "/validate")) $values.target) . | nindent 2 }}
  {{- if eq $values.target "calico" }}
  {{- range $values.kinds }}
  {{- include (printf "application.validated.%s" .) $ | nindent 2 }}
  {{- end }}
  {{- end }}
{{- if eq $values.target "calico" }}
{{- if semverCompare "< 1.28.0-0" .context.Capabilities.KubeVersion.Version }}
{{- fail "the target calico needs Kubernetes 1.28: older API servers drop matchConditions, and Calico itself would be refused" }}
{{- end }}
{{- $expression := printf "!(request.userInfo.username in ['%s'])" (join "', '" $values.exemptUsers) }}
{{- /* Requests of Calico itself are never sent: no user would read the denial, and the network would not start. */}}
matchConditions:
  - name: not-calico-itself
    expression: {{ quote $expression }}
  {{- with include "application.break-glass" .context }}
  {{- . | nindent 2 }}
  {{- end }}
{{- else }}
{{- /* Removing a finalizer is an update: a webhook that is not available must not block a removal. */}}
matchConditions:
  - name: is-not-being-deleted
    expression: "!has(object.metadata.deletionTimestamp)"
  {{- with include "application.break-glass" .context }}
  {{- . | nindent 2 }}
  {{- end }}
namespaceSelector:
  {{- if $values.namespaceSelector }}
  {{- toYaml $values.namespaceSelector | nindent 2 }}
  {{- else if eq $values.target "seed" }}
  matchExpressions:
    - key: shoot.gardener.cloud/provider
      operator: In
      values: [azure]
    - key: networking.shoot.gardener.cloud/provider
      operator: In
      values: [calico]
  {{- else }}
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values: {{ if $values.endpoint.url }}[kube-system]{{ else }}[{{ $own }}, kube-system]{{ end }}
  {{- end }}
{{- end }}
{{- if and (eq $values.target "garden") $values.onlyLabelledShoots }}
objectSelector:
  matchLabels:
    networking.extensions.gardener.cloud/calico: "true"
{{- end }}
{{- end }}

{{- /* Users with this right are not checked; see break-glass.yaml. */}}
{{- define "application.break-glass" -}}
{{- if .Values.breakGlass.enabled }}
{{- if semverCompare "< 1.28.0-0" .Capabilities.KubeVersion.Version }}
{{- fail "breakGlass.enabled needs Kubernetes 1.28: older API servers drop matchConditions" }}
{{- end -}}
- name: no-break-glass
  expression: "!authorizer.group('admissionregistration.k8s.io').resource('validatingwebhookconfigurations').name('calico-admission').check('break-glass').allowed()"
{{- end }}
{{- end }}

{{- /* With Fail a cluster's own pools could never be created: no Pod has a network before there is a pool. */}}
{{- define "application.failurePolicy" -}}
{{- .Values.failurePolicy | default (ternary "Ignore" "Fail" (eq .Values.target "calico")) }}
{{- end }}

{{- /* With their own names, so that those for a cluster's own Calico can be installed beside those for Shoots or Networks. */}}
{{- define "application.name" -}}
calico-admission{{ if eq .Values.target "calico" }}-calico{{ end }}
{{- end }}

{{/* Without a caBundle every call fails, and every Shoot is rejected; two programs that write it would overwrite each other. */}}
{{- define "application.metadata" -}}
{{- $given := or .Values.caBundle .Values.certManager.injectCaFrom }}
{{- if and (not $given) (not .Values.keeper.enabled) }}
{{- fail "the webhooks need a certificate authority: keeper.enabled, --set-file application.caBundle=ca.crt (caBundle=ca.crt for the part alone), or certManager.injectCaFrom" }}
{{- end -}}
{{- if and $given .Values.keeper.enabled }}
{{- fail "the server keeps the caBundle (keeper.enabled): leave out caBundle and certManager.injectCaFrom, or set keeper.enabled to false" }}
{{- end -}}
name: {{ include "application.name" . }}
labels:
  {{- include "application.labels" . | nindent 2 }}
  app.kubernetes.io/component: registration
  {{- with .Values.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .Values.certManager.injectCaFrom }}
annotations:
  cert-manager.io/inject-ca-from: {{ . }}
{{- end }}
{{- end }}
