// The least of a webhook in Go, for the bench: controller-runtime's webhook server, which decodes the review, and the
// Shoots in it with Gardener's types, and answers yes.
//
// Its argument is a directory with tls.crt and tls.key. On standard output comes one line of JSON once it listens.
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	core "github.com/gardener/gardener/pkg/apis/core/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

func main() {
	scheme := runtime.NewScheme()
	if err := core.AddToScheme(scheme); err != nil {
		fail(err)
	}
	decoder := admission.NewDecoder(scheme)
	mux := http.NewServeMux()
	mux.Handle("/validate", &admission.Webhook{Handler: admission.HandlerFunc(
		func(_ context.Context, request admission.Request) admission.Response {
			shoot := &core.Shoot{}
			if err := decoder.Decode(request, shoot); err != nil {
				return admission.Errored(http.StatusBadRequest, err)
			}
			if len(request.OldObject.Raw) > 0 {
				if err := decoder.DecodeRaw(request.OldObject, &core.Shoot{}); err != nil {
					return admission.Errored(http.StatusBadRequest, err)
				}
			}
			return admission.Allowed("")
		},
	)})
	directory := os.Args[1]
	pair, err := tls.LoadX509KeyPair(filepath.Join(directory, "tls.crt"), filepath.Join(directory, "tls.key"))
	if err != nil {
		fail(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{pair},
		// As kube-apiserver asks for.
		NextProtos: []string{"http/1.1"},
	})
	if err != nil {
		fail(err)
	}
	ready := map[string]any{"msg": "ready", "port": listener.Addr().(*net.TCPAddr).Port}
	if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
		fail(err)
	}
	fail(http.Serve(listener, mux))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
