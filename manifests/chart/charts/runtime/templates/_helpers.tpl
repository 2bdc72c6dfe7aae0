{{- define "runtime.labels" -}}
app.kubernetes.io/name: calico-admission
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "runtime.selector" -}}
app.kubernetes.io/name: calico-admission
app.kubernetes.io/component: webhook
{{- end }}

{{- define "runtime.config" -}}
{{- toYaml .Values.config }}
{{- end }}

{{- define "runtime.priorityClassName" -}}
{{- dig "runtimeCluster" "priorityClassName" .Values.priorityClassName (.Values.gardener | default dict) }}
{{- end }}

{{- define "runtime.secretName" -}}
{{- .Values.tls.secretName | default (ternary "calico-admission-tls" "calico-admission-cert" (eq .Values.tls.source "server")) }}
{{- end }}

{{- /* The namespace of the other part, if gardener-operator installs it in the virtual garden. */}}
{{- define "runtime.virtualNamespace" -}}
{{- dig "virtualCluster" "namespace" "" (.Values.gardener | default dict) }}
{{- end }}
