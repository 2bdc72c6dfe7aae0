// Prints what Kubernetes makes of YAML, so that src/check can be held against it. See README.md.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"log"
	"math/rand"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

type row struct {
	Text string          `json:"text"`
	Ok   bool            `json:"ok"`
	JSON json.RawMessage `json:"json,omitempty"`
}

var scalars = []string{
	"", "~", "null", "Null", "NULL", "nULL", "y", "Y", "n", "N", "yes", "Yes", "YES", "yEs", "no", "No", "NO", "on", "On", "ON",
	"off", "Off", "OFF", "true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "yes please", "0", "-0", "+0", "00", "007", "010", "-010",
	"+010", "08", "09", "0o17", "0O17", "-0o17", "0o8", "0o", "0x", "0x1F", "0X1f", "-0xff", "+0xff", "0b101", "0B101", "-0b1", "+0b1",
	"0b-1", "0b+1", "-0b-1", "0b", "0b2", "1_000", "_1", "1_", "1__0", "0x_1f", "0_7", "-_1", "1e3", "1E3", "1e+3", "1e-3", "1.5", "1.", ".5",
	"-.5", "+.5", ".5e3", "._5", ".1_0", "1_0.5", "-1.5e10", "1e400", "-1e400", "1e-400", "1.10", "1.20.3", "0.1", "-0.0", "0e0", ".", "..",
	".inf", ".Inf", ".INF", "-.inf", "+.inf", ".nan", ".NaN", ".NAN", "inf", "nan", "NaN", "9007199254740993", "9223372036854775807",
	"9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "+9223372036854775808",
	"0xffffffffffffffff", "0x10000000000000000", "190:20:30", "12:30", "190:20:30.15", "2001-12-14", "2001-1-1", "2001-12-14t21:59:43.10-05:00",
	"2001-12-14 21:59:43.10 -5", "2001-12-14 21:59:43", "1440", "10.0.0.0/8", "1.2.3.4", "fe80::1", "::", "a:b", "a: b", "http://x", "a#b", "a #b",
	"'yes'", "\"yes\"", "'1'", "\"1\"", "''", "\"\"", "'it''s'", "\"a\\nb\"", "\"\\u00e4\"", "\"\\x41\"", "\"\\ud83d\\ude00\"", "\"\\/\"", "\"\\q\"",
	"!!str 1", "!!str yes", "!!int 1", "!!int \"1\"", "!!int a", "!!int 1.5", "!!float 1", "!!float 1.5", "!!float a", "!!bool yes", "!!bool 1", "!!bool \"true\"",
	"!!null ''", "!!null ~", "!!null a", "!!binary aGVsbG8=", "!!binary aGk", "!!binary '!'", "!!timestamp 2001-12-14", "!!timestamp 1", "!!timestamp a",
	"!foo bar", "!foo 1", "! 1", "! a", "!!set a", "<<", "'<<'", "=", "*", "&a", "&a 1", "@a", "`a`", "%a", "-", "- a", "?", "? a", ": a", ",", "[", "]", "{", "}", "|", ">",
	"a\tb", "\ta", "ä", "日本", "\U0001f600", "a\u0085b", "a\u2028b", "#a", "a'b", "a\"b", "-a", "?a", ":a", "--- a", "...", "&a [*a]", "[a, b]", "{a: b}", "{a}", "[a: b]",
	"{a: 1, a: 2}", "{1: a}", "{yes: a}", "{1.5: a}", "{~: a}", "{[a]: b}", "{{ .Values.x }}", "\"{{ x }}\"", "1e6", "123456789", "0.00001", "1.0", "100000.5", "1e21",
}

// documents are read as they are. None has two keys of different types with the same text, such as 1 and "1": which of
// them Go keeps depends on the order of a map, and changes from run to run.
var documents = []string{
	"", "\n", "# only a comment\n", "---\n", "--- # c\na: 1\n", "a: 1\n...\n", "a: 1\n---\nb: 2\n", "%YAML 1.1\n---\na: yes\n", "- a\n- 1\n", "just text\n", "1\n", "yes\n",
	"a: 1\r\nb: |\r\n  x\r\n  y\r\n", "a: 1\rb: 2\r", "a:\n\tb: 1\n", "a:\n  b: 1\n\t\n", "a: 1\t# c\n", "a:\tb\n", "{\t\"a\": 1}\n", "{\n\t\"a\": 1,\n\t\"b\": [1,\n\t2]\n}\n",
	"a: 1\na: 2\n", "a: {b: 1}\na: {c: 2}\n", "\"a\": 1\na: 2\n", "yes: 1\n", "y: 1\nn: 2\n", "on: push\n", "1.10: a\n", "010: a\n", "0x10: a\n", "null: a\n", ": a\n",
	"1e6: a\n", "123456789.5: a\n", "-1: a\n", "18446744073709551615: a\n", "9223372036854775807: a\n", ".inf: a\n", "2001-01-01: a\n",
	"a: &x {b: 1}\nc: *x\n", "a: &x 1\nb: &x 2\nc: *x\n", "c: *x\na: &x 1\n", "a: &x [*x]\n", "a: &x\n  b: *x\n", "a: &x\nb: *x\n", "&a a: 1\nb: *a\n", "a: &k key\n*k : 1\n",
	"a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\n", "a: &x {b: 1, c: 2}\nd:\n  b: 3\n  <<: *x\n", "a: &x {b: 1}\ne: &y {b: 2, c: 3}\nd:\n  <<: [*x, *y]\n", "d:\n  <<: {a: 1}\n  b: 2\n",
	"a: &x {b: 1}\nd:\n  <<: *x\n  <<: {c: 2}\n", "d:\n  <<: 1\n", "d:\n  <<: [1]\n", "d:\n  <<:\n", "a: &x [1]\nd:\n  <<: *x\n", "d:\n  \"<<\": {a: 1}\n", "d:\n  !!merge <<: {a: 1}\n",
	"a: &x {b: &y 1}\nc:\n  <<: *x\n  d: *y\n", "a: &x\n  <<: {b: 1}\n  c: 2\nd:\n  <<: *x\n",
	"a: |\n  text\n  more\n", "a: |-\n  text\n", "a: |+\n  text\n\n", "a: >\n  folded\n  text\n\n  par\n", "a: |2\n   x\n", "a: 'multi\n  line'\n", "a: \"multi\n  line\"\n", "a: multi\n  line\n",
	"a: [1,\n2]\n", "a: [\n1\n]\n", "a:\n  [1, 2]\n", "a: {b: 1,\n}\n", "[a, b,]\n", "{\"a\":1}\n", "{\"a\":\"b\"}\n", "{a:1}\n", "{\"a\": 1e400}\n", "{\"a\": 1.0}\n", "{\"a\": \"\\u0041\"}\n", "{\"a\": null, \"b\": true}\n",
	"a:\n- b\n- c\n", "a:\n  - b\n c: 1\n", "a:\n  b: 1\n c: 2\n", "a: b: c\n", "a: 'b\n", "a: \"b\n", "a: [b\n", "a: {b\n", "a\nb: 1\n", "a: 1\n  b: 2\n", "? a\n: b\n", "? [a]\n: b\n", "? a\n", "- - a\n  - b\n- c\n",
	"a: !!map {b: 1}\n", "a: !!seq [b]\n", "a: !!set {b, c}\n", "a: !foo {b: 1}\n", "a: !!omap [b: 1]\n", "a: @b\n", "a: `b`\n", "a: %b\n", "a: *b\n", "a: \x01\n", "a: \x7f\n", "a: \u0085\n", "__proto__: {a: 1}\nconstructor: 2\n",
	"a: b #c\n", "a: b#c\n", "a: '#c'\n", "a: >-\n\n  x\n", "a:\n\n\n  b: 1\n", "  a: 1\n  b: 2\n", " a: 1\nb: 2\n", "a: -\n", "a: - b\n", "- a: 1\n  b: 2\n-\n  c: 3\n", "-\n- \n- ~\n", "a : 1\n", "\"a b\" : 1\n", "a:b\n", "a:: 1\n", "a: :b\n", "a: b:\n",
	"a:\n  b: 'x\n  y'\n  c: 1\n", "a:\n  b: \"x\ny\"\n  c: 1\n", "a:\n  b: 'x\n\n y\n'\n  c: 1\n", "- 'a\n b'\n- c\n", "- - \"a\n b\"\n", "'a\n b': c\n", "a: 'b\n---\nc'\n", "a: \"b\\\nc\"\n",
	"a:\n  b: {c: 1,\n  d: 2\n}\n  e: 3\n", "a: [\nb,\nc ]\n", "a: {\nb: 1,\n# c\n\nd: 2\n}\n", "a: [b,\n c\n, d]\n", "a:\n  - [b,\n c]\n  - d\n", "a: [{b: c},\n{d: e}]\nf: g\n", "a:\n  b: [x y\n z]\n", "a: '{\n  \"b\": 1\n}'\n", "a: {b: 'c\n d'}\n", "[a,\nb]\n", "a: [b\n]: c\n",
	"a: {b: c, d}\n", "a: [{b: 1}, c: 2]\n", "a: {x: }\n", "a: {\"x\":1,'y':2}\n", "a: {x: *y}\n", "--- !!map\na: 1\n", "--- |\n text\n", "--- {a: 1}\n", "a: \"\\\n  b\"\n", "{a: [}\n", "]\n", "}\n", "a: ]\n", "- [a\n- b\n",
}

var wraps = [][2]string{{"v: ", "\n"}, {"- ", "\n"}, {"v: [", "]\n"}, {"v: {w: ", "}\n"}, {"", ": v\n"}}

// manifests are written as people write them; their lines are moved, and their characters changed.
var manifests = []string{
	`apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: a
  annotations:
    note: "first line
      second line

      third"
    other: 'it''s
      here'
spec:
  cidr: 10.0.0.0/16
  allowedUses: [Workload,
    Tunnel]
  natOutgoing: true
`,
	`kind: BGPConfiguration # a comment
metadata: {
  name: default,
  labels: {a: b, "c": 'd'}
}
spec:
  serviceClusterIPs: [{cidr: 10.96.0.0/12},
    {cidr: 10.97.0.0/16}]
  communities:
  - name: x
    value: "1:2"
  # between
  - {name: y, value: '3:4'}
  asNumber: 64512
`,
	`kind: ConfigMap
data:
  script: |
    #!/bin/sh
    echo "a: b" > [x]

    exit 0
  folded: >-
    one
    two

      three
  plain: some words
    and more
  empty:
  config: '{
    "name": "k8s",
    "plugins": [
      {"type": "calico"}
    ]
  }'
`,
	`base: &base
  a: 1
  b: [x, y]
one:
  <<: *base
  b: {z: [1, 2,
    3], "q": }
two: [*base, {a: *base}]
? long key
: - nested
  - - deep
    - list
- no
`,
	`items:
- a: "x"
  b:
  - c
  - "d
    e"
-
  f: {g: h, i: [j,
    k, l]}
  "m n": 'o
    p'
-   q: r
    s:
        - t
        -   u: v
            w: x
`,
	`{
  "apiVersion": "v1",
  "items": [
    {"a": 1, "b": null},
    {"c": "d e", "f": ["g", true]}
  ],
  "h": {}
}
`,
}

const alphabet = "0123456789abefnotxyzABEFNOTXYZ_+-.:~!'\"#%&*,/<=>?@[]{}| \\"

func main() {
	rows := flag.Int("rows", 1600, "how many rows")
	moved := flag.Int("moved", 250, "how many manifests with moved lines")
	seed := flag.Int64("seed", 1, "of the mutations")
	flag.Parse()
	random := rand.New(rand.NewSource(*seed))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	texts := append([]string{}, documents...)
	for _, scalar := range scalars {
		for _, wrap := range wraps {
			texts = append(texts, wrap[0]+scalar+wrap[1])
		}
	}
	for len(texts) < *rows {
		wrap := wraps[random.Intn(len(wraps))]
		texts = append(texts, wrap[0]+mutate(random, scalars[random.Intn(len(scalars))])+wrap[1])
	}
	for range *moved {
		texts = append(texts, move(random, manifests[random.Intn(len(manifests))]))
	}
	seen := map[string]bool{}
	for _, text := range texts {
		if seen[text] {
			continue
		}
		seen[text] = true
		line, err := json.Marshal(judge(text))
		if err != nil {
			log.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
}

func mutate(random *rand.Rand, scalar string) string {
	runes := []rune(scalar)
	for range 1 + random.Intn(2) {
		at := random.Intn(len(runes) + 1)
		piece := rune(alphabet[random.Intn(len(alphabet))])
		switch {
		case random.Intn(3) == 0 && at < len(runes):
			runes = append(runes[:at:at], runes[at+1:]...)
		case random.Intn(2) == 0 && at < len(runes):
			runes[at] = piece
		default:
			runes = append(runes[:at:at], append([]rune{piece}, runes[at:]...)...)
		}
	}
	return string(runes)
}

// move changes the indentation of a line or two, where they end, or what stands in them.
func move(random *rand.Rand, manifest string) string {
	lines := strings.Split(strings.TrimSuffix(manifest, "\n"), "\n")
	for range 1 + random.Intn(3) {
		at := random.Intn(len(lines))
		line := lines[at]
		bare := strings.TrimLeft(line, " ")
		indent := len(line) - len(bare)
		switch random.Intn(10) {
		case 0, 1, 2, 3:
			lines[at] = strings.Repeat(" ", max(0, indent+random.Intn(9)-4)) + bare
		case 4:
			lines[at] = bare
		case 5:
			if at > 0 {
				lines[at] = lines[at-1][:len(lines[at-1])-len(strings.TrimLeft(lines[at-1], " "))] + bare
			}
		case 6:
			if line != "" {
				from := random.Intn(len(line))
				lines[at] = line[:from] + "\n" + strings.Repeat(" ", random.Intn(6)) + line[from:]
			}
		case 7:
			lines = append(lines[:at:at], append([]string{[]string{"", "# c", "    ", "  # c"}[random.Intn(4)]}, lines[at:]...)...)
		case 8:
			if at > 0 {
				lines = append(lines[:at-1:at-1], append([]string{lines[at-1] + " " + bare}, lines[at+1:]...)...)
			}
		case 9:
			lines[at] = mutate(random, line)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func judge(text string) row {
	read, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return row{Text: text}
	}
	return row{Text: text, Ok: true, JSON: read}
}
