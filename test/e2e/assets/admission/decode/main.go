// Reads AdmissionReviews as Gardener's admission does, and writes them anew as it has understood them: the review, the
// Shoots or Networks in it, and their NetworkConfigs, each decoded into its Go type.
//
// On standard input comes one body after the other, each after its length (four bytes, big endian). For each there is
// one answer of the same form: the review, or nothing where Go refuses the body.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	calico "github.com/gardener/gardener-extension-networking-calico/pkg/apis/calico/v1alpha1"
	core "github.com/gardener/gardener/pkg/apis/core/v1beta1"
	extensions "github.com/gardener/gardener/pkg/apis/extensions/v1alpha1"
	admission "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

var decoder = func() runtime.Decoder {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		admission.AddToScheme, core.AddToScheme, extensions.AddToScheme, calico.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
	return serializer.NewCodecFactory(scheme).UniversalDeserializer()
}()

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	for {
		body, err := readBody(in)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fail(err)
		}
		answer, err := understand(body)
		if err != nil {
			answer = nil
		}
		if err := writeBody(out, answer); err != nil {
			fail(err)
		}
		// Whoever asks waits for the answer.
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				fail(err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func readBody(in io.Reader) ([]byte, error) {
	var size uint32
	if err := binary.Read(in, binary.BigEndian, &size); err != nil {
		return nil, err
	}
	body := make([]byte, size)
	_, err := io.ReadFull(in, body)
	return body, err
}

func writeBody(out io.Writer, body []byte) error {
	if err := binary.Write(out, binary.BigEndian, uint32(len(body))); err != nil {
		return err
	}
	_, err := out.Write(body)
	return err
}

// As controller-runtime's webhook server does (pkg/webhook/admission/http.go), and behind it the extension library of
// Gardener (extensions/pkg/webhook/handler.go).
func understand(body []byte) ([]byte, error) {
	review := &admission.AdmissionReview{}
	if _, _, err := decoder.Decode(body, nil, review); err != nil {
		return nil, err
	}
	if review.Request == nil {
		return nil, errors.New("no request")
	}
	for _, object := range []*runtime.RawExtension{&review.Request.Object, &review.Request.OldObject} {
		if err := rewrite(object, review.Request.Kind.Kind); err != nil {
			return nil, err
		}
	}
	return json.Marshal(review)
}

func rewrite(raw *runtime.RawExtension, kind string) error {
	if len(raw.Raw) == 0 {
		return nil
	}
	var err error
	switch kind {
	case "Shoot":
		shoot := &core.Shoot{}
		if _, _, err = decoder.Decode(raw.Raw, nil, shoot); err != nil {
			return err
		}
		if shoot.Spec.Networking != nil {
			if err = rewriteConfig(shoot.Spec.Networking.ProviderConfig); err != nil {
				return err
			}
		}
		raw.Raw, err = json.Marshal(shoot)
	case "Network":
		network := &extensions.Network{}
		if _, _, err = decoder.Decode(raw.Raw, nil, network); err != nil {
			return err
		}
		if err = rewriteConfig(network.Spec.ProviderConfig); err != nil {
			return err
		}
		raw.Raw, err = json.Marshal(network)
	default:
		return fmt.Errorf("kind %q", kind)
	}
	return err
}

// Without type meta it is taken for a NetworkConfig, as in a Shoot that a person wrote.
func rewriteConfig(raw *runtime.RawExtension) error {
	if raw == nil || len(raw.Raw) == 0 {
		return nil
	}
	config := &calico.NetworkConfig{}
	kind := calico.SchemeGroupVersion.WithKind("NetworkConfig")
	if _, _, err := decoder.Decode(raw.Raw, &kind, config); err != nil {
		return err
	}
	var err error
	raw.Raw, err = json.Marshal(config)
	return err
}
