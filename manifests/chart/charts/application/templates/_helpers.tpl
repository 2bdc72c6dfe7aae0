{{- define "application.labels" -}}
app.kubernetes.io/name: calico-admission
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* What both webhooks have in common; to be called with the chart's context and the path. */}}
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
failurePolicy: {{ $values.failurePolicy }}
matchPolicy: Equivalent
sideEffects: None
timeoutSeconds: {{ $values.timeoutSeconds }}
{{- /* Nothing broader: no subresources (a refused status or finalizer update would lock a Shoot), no deletions. */}}
rules:
  {{- if eq $values.target "seed" }}
  - apiGroups: [extensions.gardener.cloud]
    apiVersions: [v1alpha1]
    resources: [networks]
  {{- else }}
  - apiGroups: [core.gardener.cloud]
    apiVersions: [v1beta1]
    resources: [shoots]
  {{- end }}
    operations: [CREATE, UPDATE]
    scope: Namespaced
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
{{- if and (eq $values.target "garden") $values.onlyLabelledShoots }}
objectSelector:
  matchLabels:
    networking.extensions.gardener.cloud/calico: "true"
{{- end }}
{{- end }}

{{/* Without a caBundle every call fails, and with it every Shoot; and two who write it would fight. */}}
{{- define "application.metadata" -}}
{{- $given := or .Values.caBundle .Values.certManager.injectCaFrom }}
{{- if and (not $given) (not .Values.keeper.enabled) }}
{{- fail "the webhooks need a certificate authority: keeper.enabled, --set-file application.caBundle=ca.crt (caBundle=ca.crt for the part alone), or certManager.injectCaFrom" }}
{{- end -}}
{{- if and $given .Values.keeper.enabled }}
{{- fail "the server keeps the caBundle (keeper.enabled): leave out caBundle and certManager.injectCaFrom, or set keeper.enabled to false" }}
{{- end -}}
name: calico-admission
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
