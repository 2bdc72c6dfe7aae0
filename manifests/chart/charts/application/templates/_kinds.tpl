{{- /* Made from the kinds by `npm run docs`. */}}
{{- define "application.validated.garden" -}}
- apiGroups: [core.gardener.cloud]
  apiVersions: [v1beta1]
  resources: [shoots]
  operations: [CREATE, UPDATE]
  scope: Namespaced
{{- end }}

{{- define "application.validated.seed" -}}
- apiGroups: [extensions.gardener.cloud]
  apiVersions: [v1alpha1]
  resources: [networks]
  operations: [CREATE, UPDATE]
  scope: Namespaced
{{- end }}

{{- define "application.validated.calico" -}}
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [ippools]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [ippools]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [felixconfigurations]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [felixconfigurations]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [operator.tigera.io]
  apiVersions: [v1]
  resources: [installations]
  operations: [CREATE, UPDATE]
  scope: Cluster
{{- end }}

{{- define "application.validated.policies" -}}
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [globalnetworkpolicies]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [globalnetworkpolicies]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [networkpolicies]
  operations: [CREATE, UPDATE]
  scope: Namespaced
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [networkpolicies]
  operations: [CREATE, UPDATE]
  scope: Namespaced
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [stagedglobalnetworkpolicies]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [stagedglobalnetworkpolicies]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [stagednetworkpolicies]
  operations: [CREATE, UPDATE]
  scope: Namespaced
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [stagednetworkpolicies]
  operations: [CREATE, UPDATE]
  scope: Namespaced
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [globalnetworksets]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [globalnetworksets]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [networksets]
  operations: [CREATE, UPDATE]
  scope: Namespaced
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [networksets]
  operations: [CREATE, UPDATE]
  scope: Namespaced
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [hostendpoints]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [hostendpoints]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [tiers]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [tiers]
  operations: [CREATE, UPDATE]
  scope: Cluster
{{- end }}

{{- define "application.validated.bgp" -}}
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [bgpconfigurations]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [bgpconfigurations]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [bgppeers]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [bgppeers]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [bgpfilters]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [bgpfilters]
  operations: [CREATE, UPDATE]
  scope: Cluster
{{- end }}

{{- define "application.validated.ipam" -}}
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [ipreservations]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [ipreservations]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [ipamconfigurations]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [ipamconfigs]
  operations: [CREATE, UPDATE]
  scope: Cluster
{{- end }}

{{- define "application.validated.controllers" -}}
- apiGroups: [projectcalico.org]
  apiVersions: [v3]
  resources: [kubecontrollersconfigurations]
  operations: [CREATE, UPDATE]
  scope: Cluster
- apiGroups: [crd.projectcalico.org]
  apiVersions: [v1]
  resources: [kubecontrollersconfigurations]
  operations: [CREATE, UPDATE]
  scope: Cluster
{{- end }}

{{- define "application.mutated.garden" -}}
- apiGroups: [core.gardener.cloud]
  apiVersions: [v1beta1]
  resources: [shoots]
  operations: [CREATE, UPDATE]
  scope: Namespaced
{{- end }}

{{- define "application.mutated.seed" -}}
- apiGroups: [extensions.gardener.cloud]
  apiVersions: [v1alpha1]
  resources: [networks]
  operations: [CREATE, UPDATE]
  scope: Namespaced
{{- end }}
