// What a landscape makes of an Extension, by the packages of Gardener's own components: gardener-operator renders the
// admission and the registration, gardener-controller-manager chooses the seeds, and gardenlet renders the extension
// for one of them. Nothing is applied: their clients keep everything in memory. What gardener-resource-manager would
// apply is printed as JSON.
//
// Its arguments are the file with the Extension and, if wanted, a directory with the charts, each named after the last part of its
// reference: runtime.tgz for .../charts/calico-admission/runtime:TAG. Without a directory they are pulled by their
// references, as in a landscape.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	serializeryaml "k8s.io/apimachinery/pkg/runtime/serializer/yaml"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	fakeclient "sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/yaml"

	"github.com/gardener/gardener/pkg/api/operator/v1alpha1/validation"
	"github.com/gardener/gardener/pkg/apis/core"
	gardencorev1 "github.com/gardener/gardener/pkg/apis/core/v1"
	gardencorev1beta1 "github.com/gardener/gardener/pkg/apis/core/v1beta1"
	extensionsv1alpha1 "github.com/gardener/gardener/pkg/apis/extensions/v1alpha1"
	operatorv1alpha1 "github.com/gardener/gardener/pkg/apis/operator/v1alpha1"
	resourcesv1alpha1 "github.com/gardener/gardener/pkg/apis/resources/v1alpha1"
	"github.com/gardener/gardener/pkg/chartrenderer"
	"github.com/gardener/gardener/pkg/client/kubernetes"
	fakekubernetes "github.com/gardener/gardener/pkg/client/kubernetes/fake"
	"github.com/gardener/gardener/pkg/controllermanager/controller/controllerregistration/controllerinstallation"
	gardenlet "github.com/gardener/gardener/pkg/gardenlet/controller/controllerinstallation/controllerinstallation"
	"github.com/gardener/gardener/pkg/operator/controller/extension/extension/admission"
	"github.com/gardener/gardener/pkg/operator/controller/extension/extension/controllerregistration"
	gardenerutils "github.com/gardener/gardener/pkg/utils/gardener"
	"github.com/gardener/gardener/pkg/utils/gardener/operator"
	"github.com/gardener/gardener/pkg/utils/managedresources"
	"github.com/gardener/gardener/pkg/utils/oci"
)

const gardenNamespace = "garden"

// clouds have a seed each.
var clouds = []string{"aws", "azure"}

// rendered has the objects for each cluster. Registration is what gardener-operator puts into the virtual garden for
// gardener-controller-manager, Seeds are the seeds that it chooses, and Seed is for the first of these.
type rendered struct {
	Runtime      []client.Object `json:"runtime"`
	Virtual      []client.Object `json:"virtual"`
	Registration []client.Object `json:"registration"`
	Seeds        []string        `json:"seeds"`
	Seed         []client.Object `json:"seed"`
}

func main() {
	var registry oci.Interface = oci.NewHelmRegistry(newCluster(kubernetes.SeedScheme).Client())
	if len(os.Args) > 2 {
		registry = charts{os.Args[2]}
	}
	result, err := render(context.Background(), os.Args[1], registry)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// charts is a registry of archives in a directory.
type charts struct{ directory string }

func (c charts) Pull(_ context.Context, repository *gardencorev1.OCIRepository) ([]byte, error) {
	url := repository.GetURL()
	name, _, _ := strings.Cut(url[strings.LastIndex(url, "/")+1:], ":")
	return os.ReadFile(filepath.Join(c.directory, name+".tgz"))
}

func render(ctx context.Context, file string, registry oci.Interface) (*rendered, error) {
	extension, err := readExtension(file)
	if err != nil {
		return nil, err
	}
	runtimeCluster, virtualCluster := newCluster(kubernetes.SeedScheme), newCluster(kubernetes.GardenScheme)
	c, recorder := runtimeCluster.Client(), events.NewFakeRecorder(100)
	if err := admission.New(runtimeCluster, recorder, gardenNamespace, registry).
		Reconcile(ctx, logr.Discard(), virtualCluster, "generic-token-kubeconfig", extension); err != nil {
		return nil, fmt.Errorf("admission: %w", err)
	}
	if err := controllerregistration.New(c, recorder, gardenNamespace).Reconcile(ctx, logr.Discard(), extension); err != nil {
		return nil, fmt.Errorf("registration: %w", err)
	}
	result := &rendered{}
	for managed, objects := range map[string]*[]client.Object{
		operator.ExtensionAdmissionRuntimeManagedResourceName(extension.Name): &result.Runtime,
		operator.ExtensionAdmissionVirtualManagedResourceName(extension.Name): &result.Virtual,
		"extension-registration-" + extension.Name:                            &result.Registration,
	} {
		if *objects, err = objectsOf(ctx, c, managed); err != nil {
			return nil, err
		}
	}
	garden := newGarden(result.Registration)
	installations, err := chooseSeeds(ctx, garden, extension.Name)
	if err != nil {
		return nil, fmt.Errorf("installation: %w", err)
	}
	for _, each := range installations {
		result.Seeds = append(result.Seeds, each.Spec.SeedRef.Name)
	}
	result.Seed, err = installOnSeed(ctx, garden, installations[0], registry)
	return result, err
}

// readExtension decodes strictly, and validates as the webhook of gardener-operator does.
func readExtension(file string) (*operatorv1alpha1.Extension, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	extension := &operatorv1alpha1.Extension{}
	if err := yaml.UnmarshalStrict(text, extension); err != nil {
		return nil, err
	}
	return extension, validation.ValidateExtension(extension).ToAggregate()
}

// newGarden holds what the virtual garden does: our registration, and for each cloud a seed and an extension that
// serves it.
func newGarden(registration []client.Object) client.Client {
	var objects []client.Object
	for _, each := range registration {
		// The client numbers what it is given.
		objects = append(objects, each.DeepCopyObject().(client.Object))
	}
	identity := "identity"
	for _, cloud := range clouds {
		primary := true
		var resources []gardencorev1beta1.ControllerResource
		for _, kind := range []string{
			extensionsv1alpha1.ControlPlaneResource, extensionsv1alpha1.InfrastructureResource, extensionsv1alpha1.WorkerResource,
		} {
			resources = append(resources, gardencorev1beta1.ControllerResource{Kind: kind, Type: cloud, Primary: &primary})
		}
		objects = append(objects,
			&gardencorev1beta1.ControllerRegistration{
				ObjectMeta: metav1.ObjectMeta{Name: "provider-" + cloud},
				Spec:       gardencorev1beta1.ControllerRegistrationSpec{Resources: resources},
			},
			&gardencorev1beta1.Seed{
				ObjectMeta: metav1.ObjectMeta{Name: cloud, Labels: map[string]string{"seed.gardener.cloud/provider": cloud}},
				Spec: gardencorev1beta1.SeedSpec{
					Provider: gardencorev1beta1.SeedProvider{Type: cloud, Region: "europe", Zones: []string{"1", "2", "3"}},
					Settings: &gardencorev1beta1.SeedSettings{Scheduling: &gardencorev1beta1.SeedSettingScheduling{Visible: true}},
				},
				Status: gardencorev1beta1.SeedStatus{ClusterIdentity: &identity},
			})
	}
	// There are no Shoots and no backups.
	none := func(client.Object) []string { return nil }
	return fakeclient.NewClientBuilder().WithScheme(kubernetes.GardenScheme).
		WithStatusSubresource(&gardencorev1beta1.ControllerInstallation{}).
		WithIndex(&gardencorev1beta1.Shoot{}, core.ShootSeedName, none).
		WithIndex(&gardencorev1beta1.Shoot{}, core.ShootStatusSeedName, none).
		WithIndex(&gardencorev1beta1.BackupEntry{}, core.BackupEntrySeedName, none).
		WithObjects(objects...).Build()
}

// chooseSeeds does what gardener-controller-manager does. There is one installation for each seed that is chosen.
func chooseSeeds(ctx context.Context, garden client.Client, registration string) ([]*gardencorev1beta1.ControllerInstallation, error) {
	manager := &controllerinstallation.Reconciler{
		APIReader: garden, Client: garden, Kind: controllerinstallation.SeedKind,
		NewTargetObjectFunc: func() client.Object { return &gardencorev1beta1.Seed{} },
	}
	for _, seed := range clouds {
		if _, err := manager.Reconcile(ctx, reconcile.Request{NamespacedName: client.ObjectKey{Name: seed}}); err != nil {
			return nil, err
		}
	}
	list := &gardencorev1beta1.ControllerInstallationList{}
	if err := garden.List(ctx, list); err != nil {
		return nil, err
	}
	var chosen []*gardencorev1beta1.ControllerInstallation
	for i := range list.Items {
		if list.Items[i].Spec.RegistrationRef.Name == registration {
			chosen = append(chosen, &list.Items[i])
		}
	}
	if len(chosen) == 0 {
		return nil, errors.New("no seed is chosen")
	}
	return chosen, nil
}

// installOnSeed does what gardenlet does.
func installOnSeed(ctx context.Context, garden client.Client, installation *gardencorev1beta1.ControllerInstallation, registry oci.Interface) ([]client.Object, error) {
	seed := newCluster(kubernetes.SeedScheme)
	reconciler := &gardenlet.Reconciler{
		GardenClient: garden, GardenConfig: &rest.Config{}, SeedClientSet: seed, HelmRegistry: registry,
		Clock: clock.RealClock{}, Identity: &gardencorev1beta1.Gardener{Version: "1.150.0"},
		GardenClusterIdentity: "identity", GardenNamespace: gardenNamespace,
	}
	if _, err := reconciler.Reconcile(ctx, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(installation)}); err != nil {
		return nil, fmt.Errorf("gardenlet: %w", err)
	}
	namespace := &unstructured.Unstructured{}
	namespace.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	name := gardenerutils.NamespaceNameForControllerInstallation(installation)
	if err := seed.Client().Get(ctx, client.ObjectKey{Name: name}, namespace); err != nil {
		return nil, err
	}
	namespace.SetResourceVersion("")
	objects, err := objectsOf(ctx, seed.Client(), gardenerutils.ManagedResourceNameForControllerInstallation(installation))
	return append([]client.Object{namespace}, objects...), err
}

// newCluster keeps objects in memory, and calls every ManagedResource healthy, as gardener-resource-manager would.
func newCluster(scheme *runtime.Scheme) kubernetes.Interface {
	healthy := interceptor.Funcs{Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, obj client.Object, opts ...client.GetOption) error {
		if err := c.Get(ctx, key, obj, opts...); err != nil {
			return err
		}
		if managed, ok := obj.(*resourcesv1alpha1.ManagedResource); ok {
			managed.Status.ObservedGeneration = managed.Generation
			managed.Status.Conditions = []gardencorev1beta1.Condition{
				{Type: resourcesv1alpha1.ResourcesApplied, Status: gardencorev1beta1.ConditionTrue},
				{Type: resourcesv1alpha1.ResourcesHealthy, Status: gardencorev1beta1.ConditionTrue},
				{Type: resourcesv1alpha1.ResourcesProgressing, Status: gardencorev1beta1.ConditionFalse},
			}
		}
		return nil
	}}
	c := fakeclient.NewClientBuilder().WithScheme(scheme).WithInterceptorFuncs(healthy).Build()
	renderer := chartrenderer.NewWithServerVersion(&version.Info{GitVersion: "v1.36.3", Major: "1", Minor: "36"})
	return fakekubernetes.NewClientSetBuilder().WithClient(c).WithChartRenderer(renderer).Build()
}

// objectsOf is what gardener-resource-manager applies for a ManagedResource.
func objectsOf(ctx context.Context, c client.Client, name string) ([]client.Object, error) {
	managed := &resourcesv1alpha1.ManagedResource{}
	if err := c.Get(ctx, client.ObjectKey{Namespace: gardenNamespace, Name: name}, managed); err != nil {
		return nil, err
	}
	decoder := serializeryaml.NewDecodingSerializer(unstructured.UnstructuredJSONScheme)
	var objects []client.Object
	for _, reference := range managed.Spec.SecretRefs {
		secret := &corev1.Secret{}
		if err := c.Get(ctx, client.ObjectKey{Namespace: gardenNamespace, Name: reference.Name}, secret); err != nil {
			return nil, err
		}
		found, err := managedresources.ExtractObjectsFromSecret(decoder, secret)
		if err != nil {
			return nil, err
		}
		objects = append(objects, found...)
	}
	return objects, nil
}
