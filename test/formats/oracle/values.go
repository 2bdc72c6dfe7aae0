package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

var formats = []format{
	{"cidr", cidrSeeds, cidrAlphabet, judgeCIDR},
	{"strict-cidr", cidrSeeds, cidrAlphabet, judgeStrictCIDR},
	{"strict-ip", ipSeeds, cidrAlphabet, judgeStrictIP},
	{"dns1123-subdomain", dnsSeeds, strings.Split("a|b|z|0|9|A|Z|-|.|_| |*|/|:|%|ä|\n|aa|a.b|--|..", "|"), judgeDNS},
	{"quantity", quantitySeeds, strings.Split("0|1|5|9|00|000|.|-|+|e|E|n|u|m|k|M|G|T|P|K|i|Ki|Mi|Pi|Ei| |_|x|\t|\u00a0|e3|e-9|e+1", "|"), judgeQuantity},
	{"atoi", atoiSeeds, strings.Split("0|1|9|-|+|_|.| |e|x|a|00|\n|\u0660|99999999999", "|"), judgeAtoi},
	{"regexp", regexpSeeds, regexpAlphabet, judgeRegexp},
}

// values gives the seeds and then mutations of them: the same for the same seed number.
func values(f format, rows int, seed uint64) []string {
	seeds := f.seeds()
	random := rand.New(rand.NewPCG(seed, 2))
	seen := map[string]bool{}
	var all []string
	add := func(value string) {
		if !seen[value] && !tooHeavy(f, value) {
			seen[value] = true
			all = append(all, value)
		}
	}
	for _, value := range seeds {
		add(value)
	}
	// A table needs mutations even where the seeds alone fill it.
	for rows = max(rows, len(all)+150); len(all) < rows; {
		value := []rune(seeds[random.IntN(len(seeds))])
		for range 1 + random.IntN(3) {
			value = mutate(random, value, f.alphabet, seeds)
		}
		if len(value) <= 300 {
			add(string(value))
		}
	}
	return all
}

func mutate(random *rand.Rand, value []rune, alphabet, seeds []string) []rune {
	at := random.IntN(len(value) + 1)
	piece := []rune(alphabet[random.IntN(len(alphabet))])
	switch kind := random.IntN(7); {
	case kind <= 1 || len(value) == 0:
		return slices.Insert(slices.Clone(value), at, piece...)
	case kind == 2:
		return slices.Concat(value[:at], value[min(at+1, len(value)):])
	case kind == 3:
		return slices.Concat(value[:at], piece, value[min(at+1, len(value)):])
	case kind == 4:
		other := []rune(seeds[random.IntN(len(seeds))])
		return slices.Concat(value[:at], other[random.IntN(len(other)+1):])
	case kind == 5:
		end := at + random.IntN(len(value)-at+1)
		return slices.Concat(value[:end], value[at:end], value[end:])
	default:
		mutated := slices.Clone(value)
		other := random.IntN(len(value))
		at = min(at, len(value)-1)
		mutated[at], mutated[other] = mutated[other], mutated[at]
		return mutated
	}
}

// tooHeavy says whether Go itself would write out a power of ten with millions of digits.
func tooHeavy(f format, value string) bool {
	if f.name != "quantity" || slices.Contains(longExponents, value) {
		return false
	}
	at := strings.LastIndexAny(value, "eE")
	return at >= 0 && len(value)-at > 5
}

var cidrAlphabet = strings.Split("0|1|2|5|9|10|255|256|.|:|::|/|a|f|F|g|%|%eth0|-|+| |00|/0|/8|/08|/32|/33|/64|/128|/129|ffff:|::ffff:|192.168.0.0|٣", "|")

func ipSeeds() []string {
	return strings.Split(`0.0.0.0|10.0.0.1|8.8.8.8|255.255.255.255|256.1.1.1|1.2.3|1.2.3.4.5|1.2.3.4.|.1.2.3.4|1..3.4|01.2.3.4|1.2.3.04|010.1.1.1|00.0.0.0|0000000001.2.3.4|1.2.3.4%eth0|0x7f.0.0.1|2130706433|10.1|+1.2.3.4|-1.2.3.4| 1.2.3.4|1.2.3.4 |1.2.3.4/32|::|::1|1::|fe80::1|FE80::1|fe80::1%eth0|fe80::1%|2001:db8::68|2001:DB8::68|2001:0db8::68|2001:db8:0:0:0:0:0:68|2001:db8::0:68|2001:db8:0:0:1::|2001:0:0:1:0:0:0:1|2001:db8:0:1:1:1:1:1|2001:db8::1:1:1:1:1|1:2:3:4:5:6:7:8|1:2:3:4:5:6:7|1:2:3:4:5:6:7:8:9|1:2:3:4:5:6:7::|::2:3:4:5:6:7:8|1:2:3:4:5:6::8|1::3:4:5:6:7:8|1::2::3|:::|:1::|1:|:1|12345::|g::|::ffff:1.2.3.4|::FFFF:1.2.3.4|::ffff:102:304|0:0:0:0:0:ffff:1.2.3.4|::1.2.3.4|64:ff9b::1.2.3.4|64:ff9b::102:304|::ffff:01.2.3.4|::ffff:1.2.3|::ffff:1.2.3.4.5|::1.2.3.256|1.2.3.4::|1:2:3:4:5:6:1.2.3.4|1:2:3:4:5:1.2.3.4|1:2:3:4:5:6:7:1.2.3.4|::ffff:0:0|::ffff:0:1.2.3.4|[::1]|::1%0|localhost||.|:|%|1.2.3.4%|0:0:0:0:0:0:0:0|ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff|2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001|2001:db8::00001|000.000.000.000|1.2.3.4\n`, "|")
}

func cidrSeeds() []string {
	seeds := strings.Split(`10.0.0.0/8|10.0.0.1/8|10.0.0.0/08|10.0.0.0/+8|10.0.0.0/-8|10.0.0.0/|10.0.0.0|/8|/|//|10.0.0.0//8|10.0.0.0/8/8|10.0.0.0/8 | 10.0.0.0/8|10.0.0.0 /8|10.0.0.0/ 8|10.0.0.0/33|10.0.0.0/32|10.0.0.0/0|10.0.0.0/00|0.0.0.0/0|0.0.0.0/00|10.0.0.0/999999999|10.0.0.0/16777215|10.0.0.0/99999999999999999999|10.0.0.0/0000000000000000000008|10.0.0.0/8a|10.0.0.0/0x8|10.0.0.0/255.0.0.0|010.0.0.0/8|10.00.0.0/8|10.1/16|10/8|100.64.0.0/10|192.168.178.1/24|192.168.178.0/24|192.168.1.1/32|256.0.0.0/8|::/0|::/00|::1/128|::1/129|2001:db8::/32|2001:DB8::/32|2001:db8:0::/48|2001:0db8::/32|2001:db8::1/64|2001:DB8::1/64|2001:db8:0:0::/64|2001:db8:0:0:0:0:0:0/64|fe80::/10|fe80::%eth0/10|fe80::1%eth0/64|fe80::/10%eth0|fd00::/8|FD00::/8|::ffff:10.0.0.0/8|::ffff:10.0.0.0/104|::ffff:10.0.0.1/104|::ffff:10.0.0.0/96|::ffff:10.0.0.0/95|::ffff:0:0/96|::FFFF:10.0.0.0/128|::ffff:010.0.0.0/104|::10.0.0.0/104|64:ff9b::/96|64:ff9b::1.2.3.4/96|64:ff9b::1.2.3.0/120|1:2:3:4:5:6:7:8/128|1:2:3:4:5:6:7::/112|1:2:3:4:5:6:7:0/112|1::3:4:5:6:7:8/128|0:0:0:0:0:0:0:0/0|ffff::/16|2001:db8::/032|2001:db8::/3 2|usePodCidr|10.0.0.0/8,10.1.0.0/16|٣0.0.0.0/8|10.0.0.0/٨|10.0.0.0/8\n|10.0.0.128/25|10.0.0.127/25|172.16.0.0/12|172.31.255.255/12|255.255.255.255/32|255.255.255.255/31`, "|")
	for _, ip := range ipSeeds() {
		seeds = append(seeds, ip+"/24", ip+"/32")
	}
	return seeds
}

func dnsSeeds() []string {
	label63 := strings.Repeat("a", 63)
	seeds := strings.Split(`a|0|A|a-b|-a|a-|a--b|a.b|.a|a.|a..b|a.-b|a-.b|a_b|example.com|Example.com|8.8.8.8|290.8.8.8|010.1.1.1|xn--mnchen-3ya.de|münchen.de|a b| a|a |a:80|a/b|*.a|1e3|0.0|a\nb|...|-|.|--|ſ.a|K|kubernetes.default.svc.cluster.local|www.google.com|1.2.3.4.5.6.7.8.9|a\x00`, "|")
	return append(seeds, "", "a\n", "a\u2028", label63, label63+"a", strings.Repeat("a", 253), strings.Repeat("a", 254),
		strings.Repeat("a.", 126)+"a", strings.Repeat("a.", 126)+"aa", strings.Repeat("a", 252)+"-", strings.Repeat("a", 252)+"é")
}

// longExponents are exponents that Go does not write out, because their numbers are short.
var longExponents = []string{
	"1e2147483647", "1e4294967296", "1e4294967297", "1e-4294967296", "1e9223372036854775807",
	"1e9223372036854775808", "1e-9223372036854775808", "1e-9223372036854775809", "0e99999", "5E100000", "1.5e4294967296",
	"0.001e4294967296", "1e00000000000000000003", "1e+00000000003", "e12345", "1.5e2147483647", "1e12884901888", "7e4294967294",
}

func quantitySeeds() []string {
	seeds := strings.Split(`0|1|100m|1.5|128Mi|1Gi|0.5Gi|1.5Ki|0.1Ki|1k|1K|1ki|1KI|1kI|1n|1u|0.1n|0.5n|1.5n|0.0000000001|1.0000000001|-1|-0|+1|+0|+|-|.|-.|+.|..|1.|.5|-.5|1..5|1.5.5|1e3|1E3|1e-3|1e+3|1E|1e|1e-|1e+|1Ee|1ee3|1e3k|1E3Ki|1e1.5|e3|E|e|Ki|Mi|Gi|Ti|Pi|Ei|m|k|.Ki|.Pi|-Ki|-Pi|+Ei|0Pi|0Ei|00Ei|.0Ei|0.Ei|1.Ei|1.Gi|1M|1G|1T|1P|1E|1Ti|1Pi|1Ei|7Ei|8Ei|9Ei|15Ei|16Ei|100Ei|-100Ei|-8Ei|0.5Ei|9223372036854775807|9223372036854775808|-9223372036854775808|-9223372036854775809|99999999999999999999|123456789012345678|1234567890123456789|12345678901234567890123|999999999999999999|9999999999999999999k|9007199254740993Ki|9007199254740993Gi|8589934592Gi|0001|000|00.5|-000.5|1_000|1,5|1 000| 1|1 |  1  | | 1 Gi|1Gi |1 m|\t1|1\n|0x10|1mi|1Mib|1MiB|1GB|1b|1kk|1mm|1Kim|1nn|NaN|Inf|Infinity|null|true|1e100|1e-100|-1e-100|1e-9|1e-10|1e9|0.000000001|0.0000000001k|0.0000000019|0.1m|0.0001m|0.1u|1.1u|1.00000000000000000001|0.99999999999999999999|1000000000000000000000000m|1000m|1001m|1500m|500m|1.0|1.00|1.10|10.0k|1.001k|1.0001k|0.001k|0.0001k|0.5Ki|0.25Ki|0.001Ki|0.0009765625Ki|0.00048828125Ki|0.0009765625Mi|0.00000095367431640625Mi|1.0009765625Ki|1.00000000000000000000000000000001Ei|0.000000000000000000000000000000000000001Ei|0.000000000000000000000000000001Ki|-0.00001Ki|3.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000001Ki|10e-1|15e-1|100e-2|5e-1|1e-1k|1e0|1e-0|1e+0|1e00|1e03|1E-3|1E+3|1.5e3|1.5e-3|123.456e2|123.456e3|0.0e5|0e5|-0e5|1٣|٣|½|１`, "|")
	seeds = append(seeds, "", "\u00a01", "1\u00a0", "1\u2028", "\u20031", "\ufeff1", "\u00851", "1\u0000", "\"1\"", "1\\", "'1'", "\v1")
	for _, long := range []int{30, 100, 400} {
		for _, tail := range []string{"", "Ki", "m", "Ei", "n"} {
			seeds = append(seeds, strings.Repeat("9", long)+tail, "0."+strings.Repeat("0", long)+"1"+tail, strings.Repeat("0", long)+"5"+tail,
				"1."+strings.Repeat("0", long)+tail, "1"+strings.Repeat("0", long)+tail, "0."+strings.Repeat("9", long)+tail)
		}
	}
	return append(seeds, longExponents...)
}

func atoiSeeds() []string {
	return append(strings.Split(`0|-0|+0|1500|+1500|-1500|01500|0001|1_500|1.5|1e3|0x10|0b1|0o7| 1| 1500|1500 |++1|--1|+-1|+|-|9223372036854775807|9223372036854775808|-9223372036854775808|-9223372036854775809|99999999999999999999|00000000000000000000000000001|-00000000000000000000000000001|+9223372036854775807|000009223372036854775807|000009223372036854775808|٣|１|1٣|NaN|Inf|true|null|1440|9000|99999999|1500\n|1,500|1k|a|1a|a1|18446744073709551615|18446744073709551616|4294967296|999999999999999999|1000000000000000000`, "|"), "", "\t1", "1\x00", strings.Repeat("9", 200), strings.Repeat("0", 200), strings.Repeat("0", 200)+"7")
}

var regexpAlphabet = strings.Split(`a ( ) [ ] { } * + ? ^ $ . , - \ 0 1 9 : = ! < > P Q E p P{ i s U m x _ {0,1000} {1,2} (?: (?i) (?-s: (?P<n> (?<n> (?= (?<= \d \D \b \B \A \z \Z \C \Q \E \pL \pN \p{Greek} \P{^greek} \x{10ffff} \x41 \101 \1 \8 [^ [: :] [:alpha:] [[:alpha:]] {2} {2,} {2,3} {1000} {1001} {10} {0} {0,1} {,2} ?? *? é 世 😀 - -- [a-z] [z-a] [a\]] eth.* ens tunl0$`, " ")

func regexpSeeds() []string {
	lines := strings.Split(`eth.*
eth0,eth1
^(eth|ens|enp)[0-9]+$
(eth|ens
eth)
^((en|wl|ww|sl|ib)[Popsx].*|(eth|wlan|wwan).*)
tunl0$|vxlan.calico$
docker.*,cbr.*,dummy.*

a**
a*+
a++
a+?
a??
a???
a*?*
(a*)*
(?:a*)+
*a
+
?a
|*
(|a)*
(*a)
^*
$*
\b*
\b+?
(?i)*
(?i)a*
a(?i)*
a|*
a{2}
a{2,}
a{2,3}
a{3,2}
a{0}
a{0,0}
a{1000}
a{1001}
a{1000,}
a{1001,}
a{0,1001}
a{1001,0}
a{0,1}{2}
a{0,1000}
(a{0,1000}){2}
(a{1,500}){0,2}
(a{0,0}){1000}
((a{1000}){0,0}){1000}
((a{1000}){0,}){2}
{0,1000}
\x{1,2}
\x{41,42}
[\x{1,2}]
[a{1,2}]
\Q{1,2}
a\{1,2}
(?P<{1,2}>a)
a{99999999}
a{999999999}
a{99999999999999999999}
a{2,99999999999999999999}
a{,2}
a{}
a{
a{2
a{2,
a{-1}
a{ 2}
a{02}
a{2,03}
a{00}
a{2}{3}
a{2}*
a*{2}
a{2}?
a{2}??
(a{2}){3}
(a{10}){100}
(a{10}){101}
(a{100}){11}
((a{10}){10}){10}
((a{10}){10}){11}
(a{1000}){1}
(a{1000}){0}
(a{1000}){0,1}
(a{1000}){2}
((a{1000}){0}){1000}
((a{1000})*){2}
((a{100}b{2}){3}c{4}){5}
(a{2,}){500}
(a{2,}){501}
(a{500,}){2,}
(a{0,500}){2}
(a{0,501}){2}
(a{1000,}){1000,}
(?:(?:a{31}){31}){2}
{
{2}
}
]
a]
[
[]
[]]
[]a]
[^]
[^]a]
[a
[a-
[a-]
[-a]
[a-z-9]
[a--]
[--a]
[z-a]
[a-\d]
[\d-a]
[\d-z]
[a-\pL]
[\pL-z]
[\pN]
[\p{Greek}\P{Latin}]
[\b]
[\B]
[\A]
[\z]
[\Q]\E]
[\Qa\E]
[[:alpha:]]
[[:^alpha:]]
[[:word:]]
[[:foo:]]
[[:ALPHA:]]
[:alpha:]
[[:alpha:]
[[:alpha]]
[[:]
[[:]]
[[::]]
[[:]:]
[[:]a-z]
[[:alpha:]-z]
[A-[:alpha:]]
[a-[:alpha:]]
[[.a.]]
[[=a=]]
[[a]]
[a[b]c]
[\]]
[\[]
[a\-z]
[\x00-\x{10FFFF}]
[\x{10FFFF}-\x{110000}]
[世-界]
[界-世]
[😀-😂]
[😂-😀]
[^\S\s]
[\101-\103]
[\0]
[\8]
[\c]
\
a\
\\
\.
\_
\-
\q
\y
\e
\a\f\n\r\t\v
\x
\x4
\x41
\x4g
\xg4
\x{}
\x{41}
\x{10ffff}
\x{110000}
\x{0000000000000000000041}
\x{41
\x{4 1}
\x世1
\0
\00
\000
\0000
\01
\08
\1
\12
\18
\123
\777
\8
\9
\A
\z
\Z
\G
\K
\R
\X
\C
\N
\h
\d\D\s\S\w\W
\b\B
\<
\>
\"
\/
\ 
\é
\世
\😀
\u0041
\U00000041
\cA
\Q
\Qa
\Q\E
\Qa.b\E*
\Q\E*
\Qab\E*
\Q*\E
\Q\\E
\Q\E\E
\E
\Qa\Eb\Qc\E
\Q(\E(
a\Q\E*
(\Q)\E)
\p
\pL
\pl
\PL
\pN*
\p1
\pZ
\pX
\p世
\p{
\p{}
\p{L}
\p{l}
\p{Lu}
\p{LU}
\p{lu}
\p{LC}
\p{lc}
\p{L&}
\p{Greek}
\p{greek}
\p{GREEK}
\p{gReEk}
\p{ Greek }
\p{Gre-ek}
\p{_Greek_}
\p{^Greek}
\P{^Greek}
\p{^^Greek}
\p{ ^Greek}
\p{Letter}
\p{letter}
\p{Uppercase_Letter}
\p{uppercase letter}
\p{UppercaseLetter}
\p{Any}
\p{any}
\p{Assigned}
\p{ASCII}
\p{Ascii}
\p{Cn}
\p{Co}
\p{Cs}
\p{Cased_Letter}
\p{digit}
\p{punct}
\p{cntrl}
\p{Combining_Mark}
\p{Han}
\p{Hani}
\p{IsGreek}
\p{InGreek}
\p{Script=Greek}
\p{sc=Greek}
\p{L}\p{N
\p{Alphabetic}
\p{Old_Italic}
\p{OldItalic}
\p{SignWriting}
\p{Kawi}
\p{Nag_Mundari}
\p{Garay}
\p{Tulu_Tigalari}
\p{Unknown}
\p{Zzzz}
\p{constructor}
\p{__proto__}
\p{世}
()
(a)
(a
a)
(
)
((a)
(a))
)(
(?
(?)
(?:
(?:)
(?:a)
(?i)
(?i
(?i:a
(?i:a)
(?ims)
(?imsU)
(?U)a+
(?x)a
(?I)a
(?ii)a
(?-i)a
(?i-s)a
(?i-)a
(?-)a
(?--i)a
(?-i-s)a
(?i-i)a
(?i-s:a)
(?-:a)
(?s-i-:a)
(?#a)
(?=a)
(?!a)
(?<=a)
(?<!a)
(?>a)
(?|a)
(?&a)
(?R)
(?1)
(?P=n)
(?P>n)
(?P<n>a)
(?P<n>
(?P<n
(?P<
(?P<>a)
(?P<n n>a)
(?P<n-n>a)
(?P<1>a)
(?P<_>a)
(?P<é>a)
(?P<n>a)(?P<n>b)
(?P<n>a)(?<n>b)
(?P<n>a)(?P<m>b)
(?<n>a)
(?<n>
(?<n
(?<
(?<>a)
(?<é>a)
(?<😀>a)
(?<n>a)(?<n>b)
(?'n'a)
(?P'n'a)
(?P)
(?Pa)
(?i)[a-z\x{41}-\x{1e942}]
(?i:k)\b
(?i)\pL
(?i)[[:alpha:]]
a|b|
||
a||b
(|)
(a|b
a|b)
x{2}{2}
(x{2}|y{3}){300}
(?s).
.*?
.+?.??
^$
^^$$
(^a)+$
a(?=b)
(a)\1
\k<n>
\g{1}
cali.*|veth.*
(?:[0-9]{1,3}\.){3}[0-9]{1,3}
bond[0-9]+(\.[0-9]+)?
en[op]s?[0-9]+
世界
é+
😀{2}
😀**
.{1,32}{1}
\Q世\E+
[[:word:]_-]+
[^[:space:]]
[\w.-]+
[a-c-e]
[a-c\-e]
[,--]
[+--]
[---]
[----]
[^-]
[^^]
[^]]
[a^]
[&&]
[a&&b]
[\p]
[\p{]
[\p{Foo}]
[\P{^Any}]
(?i)[\P{greek}]
\p{Greek
\pLL
\pL{2}
\x{41}{2}
a\{2}
a{2\}
(a|(b|(c|(d|(e)))))
((((((((((a))))))))))
(((((((((((((((((((((((((`, "\n")
	lines = append(lines, "\ufffd", "a\nb", "a\x00b", "[\ufffd]", "\t", "[\n]", `\`+"\n", `\`+"\x00", `\`+"\u2028",
		strings.Repeat("(", 200)+strings.Repeat(")", 200), strings.Repeat("(?:a|b", 60)+strings.Repeat(")*", 60),
		strings.Repeat("a|", 200), strings.Repeat("(a{1000})", 20), strings.Repeat(`\pL`, 60))
	var names []string
	for name := range unicode.Categories {
		names = append(names, name)
	}
	for name := range unicode.Scripts {
		names = append(names, name)
	}
	for name := range unicode.CategoryAliases {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		lines = append(lines, `\p{`+name+`}`)
	}
	return lines
}
