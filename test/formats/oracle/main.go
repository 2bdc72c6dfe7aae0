// Prints what Go and Kubernetes make of values, so that src/formats can be held against it. See README.md.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"gopkg.in/inf.v0"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// format is one table: how values are made and what Go says of one of them.
type format struct {
	name  string
	seeds func() []string
	// alphabet holds the pieces that mutations insert.
	alphabet []string
	judge    func(value string) any
}

type row struct {
	Value string `json:"value"`
	Ok    bool   `json:"ok"`
}

type cidrRow struct {
	row
	Network string `json:"network,omitempty"`
}

type problemRow struct {
	row
	Kind string `json:"kind,omitempty"`
}

type quantityRow struct {
	row
	Sign    int  `json:"sign"`
	Integer bool `json:"integer"`
	// Nanos is left out where the number is too long to be worth a comparison.
	Nanos string `json:"nanos,omitempty"`
}

type atoiRow struct {
	row
	Number string `json:"number,omitempty"`
}

type regexpRow struct {
	row
	Code string `json:"code,omitempty"`
}

func judgeCIDR(value string) any {
	_, network, err := net.ParseCIDR(value)
	if err != nil {
		return cidrRow{row: row{value, false}}
	}
	return cidrRow{row{value, true}, network.String()}
}

// kinds maps the words of apimachinery's messages to the kinds of src/formats/cidr.ts.
var kinds = []struct{ words, kind string }{
	{"must be a valid", "unparsable"},
	{"leading 0s", "leading-zeros"},
	{"IPv4-mapped", "ipv4-mapped"},
	{"bits set beyond", "host-bits"},
	{"canonical form", "not-canonical"},
}

func problem(value string, errs field.ErrorList) any {
	if len(errs) == 0 {
		return problemRow{row: row{value, true}}
	}
	for _, k := range kinds {
		if strings.Contains(errs[0].Detail, k.words) {
			return problemRow{row{value, false}, k.kind}
		}
	}
	panic("new kind of problem: " + errs[0].Detail)
}

func judgeStrictCIDR(value string) any {
	return problem(value, validation.IsValidCIDR(field.NewPath("f"), value))
}

func judgeStrictIP(value string) any {
	return problem(value, validation.IsValidIP(field.NewPath("f"), value))
}

func judgeDNS(value string) any {
	return row{value, len(validation.IsDNS1123Subdomain(value)) == 0}
}

// judgeQuantity decodes the value the way a manifest's field is decoded: as a string of a JSON document.
func judgeQuantity(value string) any {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	var q resource.Quantity
	if err := json.Unmarshal(raw, &q); err != nil {
		return quantityRow{row: row{value, false}}
	}
	r := quantityRow{row: row{value, true}, Sign: q.Sign()}
	dec := new(inf.Dec).Set(q.AsDec())
	if s := dec.Scale(); s < -60 || s > 60 {
		// Only powers of ten beyond all sense get here; expanding them would take for ever.
		r.Integer = s < 0 || dec.Sign() == 0
		return r
	}
	r.Integer = new(inf.Dec).Round(dec, 0, inf.RoundDown).Cmp(dec) == 0
	nanos := new(inf.Dec).Mul(dec, inf.NewDec(1, -9))
	if text := new(inf.Dec).Round(nanos, 0, inf.RoundUp).String(); len(text) <= 60 {
		r.Nanos = text
	}
	return r
}

func judgeAtoi(value string) any {
	n, err := strconv.Atoi(value)
	if err != nil {
		return atoiRow{row: row{value, false}}
	}
	return atoiRow{row{value, true}, strconv.Itoa(n)}
}

func judgeRegexp(value string) any {
	_, err := regexp.Compile(value)
	if err == nil {
		return regexpRow{row: row{value, true}}
	}
	return regexpRow{row{value, false}, string(err.(*syntax.Error).Code)}
}

func main() {
	rows := flag.Int("rows", 500, "rows a table; a table's seeds are never cut")
	seed := flag.Uint64("seed", 1, "seed of the mutations")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: oracle [-rows N] [-seed N] DIRECTORY")
	}
	for _, f := range formats {
		if err := write(filepath.Join(flag.Arg(0), f.name+".jsonl"), f, *rows, *seed); err != nil {
			log.Fatal(err)
		}
	}
}

func write(path string, f format, rows int, seed uint64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, value := range values(f, rows, seed) {
		if err := encoder.Encode(f.judge(value)); err != nil {
			return fmt.Errorf("%s: %q: %w", f.name, value, err)
		}
	}
	return w.Flush()
}
