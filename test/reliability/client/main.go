// Calls webhooks as kube-apiserver does: with Go's connection pool, client-go's rules for retries, and every answer
// verified as k8s.io/apiserver does (pkg/admission/plugin/webhook/request). The rules are copied, the libraries are
// not used: this has to build without a single module.
//
// Orders are JSON, one a line on standard input: the first one starts, later ones change the caBundles, or stop. The
// result is one line of JSON on standard output.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"regexp"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Of http.DefaultTransport, and of client-go's transport cache.
const (
	idleTimeout       = 90 * time.Second
	idlePerHost       = 25
	handshakeTimeout  = 10 * time.Second
	mostRetries       = 10
	keptFailures      = 2000
	uidInTheTemplates = "00000000-0000-0000-0000-000000000000"
)

type order struct {
	// Where every connection goes, whatever the URL says.
	Address    string `json:"address"`
	ServerName string `json:"serverName"`
	// By path, PEM.
	Bundles map[string]string `json:"bundles"`
	// How many API servers there are: each has pools of its own.
	Clients int `json:"clients"`
	// Requests a second, of all clients together, whether or not the ones before have been answered.
	Rate float64 `json:"rate"`
	// Instead of a rate: each client has one connection, and waits so many seconds, from and to, between its requests.
	Gap []float64 `json:"gap"`
	// 0: until it is stopped.
	Requests int `json:"requests"`
	// The part of the requests that gets a connection of its own, and so a handshake.
	FreshPart float64 `json:"freshPart"`
	// What is beyond waits in the client, and nobody counts for how long. 0: as many as come.
	MaxInFlight int `json:"maxInFlight"`
	// Of each client, so that it does not run out of files itself: Go dials for every request that finds no connection
	// idle, also if it is answered on another in the meantime. 0: as many as that makes.
	MaxConnections int      `json:"maxConnections"`
	TimeoutSeconds int      `json:"timeoutSeconds"`
	NoRetries      bool     `json:"noRetries"`
	Reviews        []review `json:"reviews"`
	Stop           bool     `json:"stop"`
}

type review struct {
	Path string `json:"path"`
	// An AdmissionReview with the uid of the templates.
	Body string `json:"body"`
	// What must be answered.
	Allowed bool `json:"allowed"`
	Patched bool `json:"patched"`
	Weight  int  `json:"weight"`
}

type failure struct {
	// Milliseconds since 1970 at which the request began.
	At    int64   `json:"at"`
	Ms    float64 `json:"ms"`
	Error string  `json:"error"`
}

type result struct {
	Requests int `json:"requests"`
	Failed   int `json:"failed"`
	// Answered with Retry-After, and no retry was left or allowed.
	Refused  int            `json:"refused"`
	Retries  int            `json:"retries"`
	Errors   map[string]int `json:"errors"`
	Failures []failure      `json:"failures"`
	// New connections, and what they were shown.
	Connections int     `json:"connections"`
	Leaves      int     `json:"leaves"`
	Authorities int     `json:"authorities"`
	Seconds     float64 `json:"seconds"`
	// Milliseconds, of what was answered.
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
	// Milliseconds, of everything else.
	MaxOther float64 `json:"maxOther"`
	// Milliseconds since 1970 at which the last request ended that was not answered; 0 if all were.
	LastUnanswered int64 `json:"lastUnanswered"`
}

type caller struct {
	order   order
	bundles atomic.Pointer[map[string]string]

	mutex       sync.Mutex
	result      result
	times       []float64
	leaves      map[string]bool
	authorities map[string]bool
	connections int
}

type refusedError struct{ status int }

func (e refusedError) Error() string { return fmt.Sprintf("status %d with Retry-After", e.status) }

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	var first order
	if err := readLine(lines, &first); err != nil {
		fmt.Fprintln(os.Stderr, "no order:", err)
		os.Exit(2)
	}
	c := &caller{order: first, leaves: map[string]bool{}, authorities: map[string]bool{}}
	c.bundles.Store(&first.Bundles)
	c.result.Errors = map[string]int{}
	c.result.Failures = []failure{}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		for {
			var next order
			if err := readLine(lines, &next); err != nil || next.Stop {
				stop()
				return
			}
			c.bundles.Store(&next.Bundles)
		}
	}()
	start := time.Now()
	if len(first.Gap) == 2 {
		c.sendSparsely(ctx)
	} else {
		c.sendSteadily(ctx)
	}
	c.result.Seconds = time.Since(start).Seconds()
	c.print()
}

func readLine(lines *bufio.Reader, into *order) error {
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, into)
}

// One API server's transports: another caBundle is another transport, and the pool of the old one dies idle.
type pool struct {
	c          *caller
	idle       int
	fresh      bool
	mutex      sync.Mutex
	transports map[string]*http.Transport
}

func (c *caller) newPool(idle int) *pool {
	return &pool{c: c, idle: idle, fresh: idle == 0, transports: map[string]*http.Transport{}}
}

func (p *pool) transportFor(bundle string) *http.Transport {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if known := p.transports[bundle]; known != nil {
		return known
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(bundle))
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	made := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, p.c.order.Address)
		},
		TLSClientConfig: &tls.Config{
			RootCAs:          roots,
			ServerName:       p.c.order.ServerName,
			NextProtos:       []string{"http/1.1"},
			VerifyConnection: p.c.countConnection,
		},
		TLSHandshakeTimeout: handshakeTimeout,
		MaxIdleConnsPerHost: p.idle,
		MaxConnsPerHost:     p.c.order.MaxConnections,
		IdleConnTimeout:     idleTimeout,
		DisableKeepAlives:   p.fresh,
	}
	p.transports[bundle] = made
	return made
}

// Called once the certificate has been verified.
func (c *caller) countConnection(state tls.ConnectionState) error {
	leaf := state.PeerCertificates[0]
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.connections++
	c.leaves[leaf.SerialNumber.String()] = true
	c.authorities[leaf.Issuer.String()] = true
	return nil
}

// Open loop: a slow answer does not keep the next request from being sent, and its lateness counts.
func (c *caller) sendSteadily(ctx context.Context) {
	var wait sync.WaitGroup
	pools := make([]*pool, max(c.order.Clients, 1))
	for i := range pools {
		pools[i] = c.newPool(idlePerHost)
	}
	var slots chan struct{}
	if c.order.MaxInFlight > 0 {
		slots = make(chan struct{}, c.order.MaxInFlight)
	}
	fresh := c.newPool(0)
	turns := c.turns()
	start := time.Now()
	for i := 0; c.order.Requests == 0 || i < c.order.Requests; i++ {
		due := start.Add(time.Duration(float64(i) / c.order.Rate * float64(time.Second)))
		if pause := time.Until(due); pause > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
		if ctx.Err() != nil {
			break
		}
		if slots != nil {
			slots <- struct{}{}
			due = time.Now()
		}
		wait.Add(1)
		go func() {
			defer wait.Done()
			own := pools[i%len(pools)]
			if float64(i%100) < c.order.FreshPart*100 {
				own = fresh
			}
			c.send(own, turns[i%len(turns)], i, due)
			if slots != nil {
				<-slots
			}
		}()
	}
	wait.Wait()
}

// Each client has one connection, and long pauses: the requests that race with a server that closes idle ones.
func (c *caller) sendSparsely(ctx context.Context) {
	var wait sync.WaitGroup
	turns := c.turns()
	for i := range c.order.Clients {
		wait.Add(1)
		go func() {
			defer wait.Done()
			own := c.newPool(1)
			random := rand.New(rand.NewSource(int64(i)))
			pause := func(from, to float64) bool {
				select {
				case <-ctx.Done():
					return false
				case <-time.After(time.Duration((from + random.Float64()*(to-from)) * float64(time.Second))):
					return true
				}
			}
			for n := 0; c.order.Requests == 0 || n < c.order.Requests; n++ {
				// The first one soon, so that there is a connection; and not all at once.
				if n == 0 && !pause(0, c.order.Gap[0]) || n > 0 && !pause(c.order.Gap[0], c.order.Gap[1]) {
					return
				}
				c.send(own, turns[(i+n)%len(turns)], i*1_000_000+n, time.Now())
			}
		}()
	}
	wait.Wait()
}

// The reviews in turn, each as often as its weight.
func (c *caller) turns() []review {
	var turns []review
	for _, each := range c.order.Reviews {
		for range max(each.Weight, 1) {
			turns = append(turns, each)
		}
	}
	rand.New(rand.NewSource(1)).Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
	return turns
}

func (c *caller) send(own *pool, what review, number int, due time.Time) {
	uid := fmt.Sprintf("%08x-0000-4000-8000-%012x", rand.Uint32(), number)
	body := bytes.Replace([]byte(what.Body), []byte(uidInTheTemplates), []byte(uid), 1)
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(c.order.TimeoutSeconds)*time.Second)
	defer cancel()
	retries := 0
	var err error
	for {
		var pause time.Duration
		pause, err = c.attempt(ctx, own, what, uid, body)
		var refused refusedError
		if c.order.NoRetries || retries >= mostRetries || !errors.As(err, &refused) {
			break
		}
		if deadline, _ := ctx.Deadline(); time.Until(deadline) < pause {
			break
		}
		retries++
		time.Sleep(pause)
	}
	c.count(due, retries, err)
}

// One POST. A pause beside a refusedError says when it may be sent again.
func (c *caller) attempt(ctx context.Context, own *pool, what review, uid string, body []byte) (time.Duration, error) {
	url := fmt.Sprintf("https://%s%s?timeout=%ds", c.order.ServerName, what.Path, c.order.TimeoutSeconds)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	// Go replays a POST that failed on a reused connection only if nothing had been written; kube-apiserver's has a
	// body that can be rewound as well.
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json, */*")
	request.Header.Set("User-Agent", "kube-apiserver-admission")
	response, err := own.transportFor((*c.bundles.Load())[what.Path]).RoundTrip(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500 {
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
			if !response.Close {
				return 0, fmt.Errorf("status %d keeps its connection", response.StatusCode)
			}
			return time.Duration(seconds) * time.Second, refusedError{response.StatusCode}
		}
	}
	if response.StatusCode < 200 || response.StatusCode > 206 {
		return 0, fmt.Errorf("status %d", response.StatusCode)
	}
	return 0, verify(text, uid, what)
}

// As VerifyAdmissionResponse, and that the answer is the right one.
func verify(text []byte, uid string, what review) error {
	var answer struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Response   *struct {
			UID       string  `json:"uid"`
			Allowed   bool    `json:"allowed"`
			Patch     string  `json:"patch"`
			PatchType *string `json:"patchType"`
		} `json:"response"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return errors.New("the answer is no JSON")
	}
	if answer.APIVersion != "admission.k8s.io/v1" || answer.Kind != "AdmissionReview" {
		return errors.New("expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview")
	}
	if answer.Response == nil {
		return errors.New("webhook response was absent")
	}
	if answer.Response.UID != uid {
		return errors.New("expected response.uid to be the request's")
	}
	hasPatch, hasType := len(answer.Response.Patch) > 0, answer.Response.PatchType != nil
	if hasPatch != hasType {
		return errors.New("webhook returned response.patch without response.patchType, or the reverse")
	}
	if what.Path == "/validate" && hasPatch {
		return errors.New("validating webhook may not return response.patch")
	}
	if hasPatch {
		decoded, err := base64.StdEncoding.DecodeString(answer.Response.Patch)
		var operations []map[string]any
		if err != nil || *answer.Response.PatchType != "JSONPatch" || json.Unmarshal(decoded, &operations) != nil {
			return errors.New("received undecodable patch in webhook response")
		}
	}
	if answer.Response.Allowed != what.Allowed || hasPatch != what.Patched {
		return fmt.Errorf("wrong answer: allowed %t, patched %t", answer.Response.Allowed, hasPatch)
	}
	return nil
}

var ports = regexp.MustCompile(`(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):\d+`)

func (c *caller) count(due time.Time, retries int, err error) {
	ms := float64(time.Since(due).Microseconds()) / 1000
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.result.Requests++
	c.result.Retries += retries
	if err == nil {
		c.times = append(c.times, ms)
		return
	}
	c.result.LastUnanswered = max(c.result.LastUnanswered, time.Now().UnixMilli())
	c.result.MaxOther = max(c.result.MaxOther, ms)
	text := ports.ReplaceAllString(err.Error(), "$1")
	var refused refusedError
	if errors.As(err, &refused) {
		c.result.Refused++
	} else {
		c.result.Failed++
	}
	if len(c.result.Errors) < 50 || c.result.Errors[text] > 0 {
		c.result.Errors[text]++
	}
	if len(c.result.Failures) < keptFailures {
		c.result.Failures = append(c.result.Failures, failure{due.UnixMilli(), ms, text})
	}
}

func (c *caller) print() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	sort.Float64s(c.times)
	at := func(part float64) float64 {
		if len(c.times) == 0 {
			return 0
		}
		return c.times[min(len(c.times)-1, int(float64(len(c.times))*part))]
	}
	c.result.P50, c.result.P99, c.result.Max = at(0.5), at(0.99), at(1)
	c.result.Connections, c.result.Leaves, c.result.Authorities = c.connections, len(c.leaves), len(c.authorities)
	if err := json.NewEncoder(os.Stdout).Encode(c.result); err != nil {
		os.Exit(1)
	}
}
