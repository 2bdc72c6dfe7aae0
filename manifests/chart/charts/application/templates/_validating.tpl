{{- define "application.validating" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  {{- include "application.metadata" . | nindent 2 }}
webhooks:
  - name: {{ ternary "validate.calico-admission.calico.gardener.cloud" "validate.calico-admission.gardener.cloud" (eq .Values.target "calico") }}
    {{- include "application.webhook" (dict "context" . "path" "/validate") | nindent 4 }}
{{- end }}
