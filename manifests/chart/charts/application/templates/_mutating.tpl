{{- define "application.mutating" -}}
{{- /* A Network does not have the name of its cloud; the namespaceSelector selects it. */}}
{{- $path := ternary "/mutate/azure" "/mutate" (eq .Values.target "seed") -}}
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  {{- include "application.metadata" . | nindent 2 }}
webhooks:
  - name: mutate.calico-admission.gardener.cloud
    {{- include "application.webhook" (dict "context" . "path" $path) | nindent 4 }}
    {{- /* Another webhook may set a field that a mutation depends on. A second call does not change a correct object. */}}
    reinvocationPolicy: IfNeeded
{{- end }}
