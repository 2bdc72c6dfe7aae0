{{- define "application.mutating" -}}
{{- /* A Network does not say in which cloud it is; the namespaceSelector does. */}}
{{- $path := ternary "/mutate/azure" "/mutate" (eq .Values.target "seed") -}}
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  {{- include "application.metadata" . | nindent 2 }}
webhooks:
  - name: mutate.calico-admission.gardener.cloud
    {{- include "application.webhook" (dict "context" . "path" $path) | nindent 4 }}
    {{- /* Another webhook may set a field that ours depends on; asked once more it changes nothing twice. */}}
    reinvocationPolicy: IfNeeded
{{- end }}
