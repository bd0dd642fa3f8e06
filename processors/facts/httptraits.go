package facts

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/screen"
)

// HTTPTraits are the values of http.traits: what forms of attack a request's
// parts have.
var HTTPTraits = []string{
	"traversal", "local_file", "sensitive_path", "null_byte", "remote_file", "ssrf", "metadata_service", "sqli", "sqli_probe", "nosqli", "xss", "command", "windows_command",
	"shellshock", "php_code", "php_object", "node_code", "template", "java_code", "java_object", "jndi", "ognl", "perl_code", "ruby_code", "xxe", "header_injection", "smuggling",
	"session_fixation", "ldap_injection", "script_upload", "web_shell", "scanner_agent", "script_agent", "research_agent", "known_exploit", "proxy_request", "xpath_injection", "python_code",
	"ssi", "mail_injection", "odd_method", "double_encoding", "range_abuse",
}

// form is one form of attack: its trait, and whether a part has it.
type form struct {
	trait string
	// needs are bytes of which a part must have one, to be looked at. Empty: any.
	needs string
	holds func(*input) bool
}

// matches returns a form's test of the flattened text.
func matches(pattern string) func(*input) bool {
	return anyOf(pattern)
}

// anyOf returns a form's test of several patterns.
func anyOf(patterns ...string) func(*input) bool {
	set := screen.Must(patterns...)
	return func(in *input) bool { return set.MatchString(in.low) }
}

var forms = slices.Concat(fileForms, sqlForms, scriptForms, commandForms, codeForms, protocolForms)

// traits returns what forms the request's parts have, in the order of
// [HTTPTraits].
func (r *request) traits() []string {
	found := map[string]bool{}
	for i := range r.inputs {
		in := &r.inputs[i]
		if dull(in) {
			continue
		}
		for j := range forms {
			f := &forms[j]
			if found[f.trait] || f.needs != "" && !strings.ContainsAny(in.low, f.needs) {
				continue
			}
			found[f.trait] = f.holds(in)
		}
	}
	r.whole(found)
	var names []string
	for _, name := range HTTPTraits {
		if found[name] {
			names = append(names, name)
		}
	}
	return names
}

// dull reports whether a part is a short word or number, as most are, that no
// form has.
func dull(in *input) bool {
	if in.from == inPath || in.hidden || len(in.low) > 24 || len(in.low) != len(in.text) {
		return false
	}
	for i := range len(in.low) {
		c := in.low[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_') {
			return false
		}
	}
	return !telling[in.low]
}

// telling are single words that are an attack by themselves.
var telling = map[string]bool{
	"whoami": true, "ifconfig": true, "ipconfig": true, "phpinfo": true, "xp_cmdshell": true, "invokertransformer": true, "utl_http": true, "clonetransformer": true,
	"forclosure": true, "whileclosure": true, "instantiatefactory": true, "instantiatetransformer": true, "prototypeclonefactory": true, "prototypeserializationfactory": true,
	"sysobjects": true, "information_schema": true, "processbuilder": true, "_memberaccess": true, "__proto__": true, "unionselectfrom": true, "sp_executesql": true, "shutdown": true, "java_lang_runtime": true,
}

// whole looks at what is of the request as a whole.
func (r *request) whole(found map[string]bool) {
	ev := r.event
	found["double_encoding"] = r.depth >= 2
	found["sensitive_path"] = found["sensitive_path"] || sensitivePath(r.path)
	found["known_exploit"] = found["known_exploit"] || knownExploit.MatchString(flatten(r.target())) && !found["scanner_agent"]
	found["proxy_request"] = ev.Method == "CONNECT" || strings.Contains(ev.Path, "://") && strings.HasPrefix(strings.ToLower(ev.Path), "http")
	found["odd_method"] = oddMethods[strings.ToUpper(ev.Method)]
	found["xxe"] = found["xxe"] || xmlEntity.MatchString(r.body) || xmlEntity.MatchString(r.query)
	found["script_upload"] = found["script_upload"] || r.uploadsScript()
	found["session_fixation"] = found["session_fixation"] || r.fixesSession()
	found["smuggling"] = found["smuggling"] || r.smuggles()
	found["range_abuse"] = slices.ContainsFunc(r.headers, abusesRange)
	agent := flatten(ev.UserAgent)
	if agent == "" {
		for _, h := range r.headers {
			if rest, ok := strings.CutPrefix(h, "user-agent: "); ok {
				agent = flatten(rest)
			}
		}
	}
	found["scanner_agent"] = scannerAgents.MatchString(agent) || slices.ContainsFunc(r.headers, func(h string) bool { return scannerHeaders.MatchString(h) })
	found["research_agent"] = researchAgents.MatchString(agent)
	found["script_agent"] = scriptAgents.MatchString(agent)
	found["web_shell"] = found["web_shell"] || shellPath.MatchString(flatten(r.path)) || r.drivesShell()
}

var oddMethods = map[string]bool{"TRACE": true, "TRACK": true, "DEBUG": true, "PROPFIND": true, "SEARCH": true, "MOVE": true, "COPY": true, "MKCOL": true}

var (
	scannerAgents = screen.Must(`\b(sqlmap|nikto|nuclei|wpscan|acunetix|netsparker|invicti|nessus|openvas|qualys|arachni|havij|w3af|dirbuster|gobuster|feroxbuster|ffuf|wfuzz|dirb|dirsearch|masscan|zgrab|zmeu|commix|burp(suite| ?collaborator)?|owasp[ _-]?zap|zaproxy|skipfish|wapiti|jorgee|morfeus|webinspect|appscan|whatweb|grendel-scan|joomscan|jaeles|xray|fimap|uniscan|vega/|metis|paros|webshag|n-stealth|nmap scripting engine|nmap|httpx|interactsh|project ?discovery|hydra|patator|brutus|pmafind|bsqlbf|sqlninja|absinthe|dotdotpwn|cgichk|webtrends security analyzer|mole|datacha0s|whisker|libwhisker|toata|whitehat security|golismero|sysscan|vulnerability scanner|security scanner|pentest|l9explore|l9tcpid|leakix|kr-?scan|fuff|hello,? world|custom-?asynchttpclient|zeroshell|fuzz faster u fool|detectify|probely|tenable|rapid7|rustscan|openbullet|cariesearch|prophecy|blackbox exporter scan)\b`)
	// scannerHeaders are headers that a scanner marks its requests with.
	scannerHeaders = regexp.MustCompile(`(?i)^(acunetix-|x-scanner|x-wipp|x-ratproxy|x-arachni|x-scan-memo|x-request-memo|x-requestmanager-memo|x-wvs-id|x-nuclei|x-bug-?bounty)|appscan_fingerprint|by_wipp|rook\.jpg|netsparker`)
	// researchAgents say whom they survey the Internet for.
	researchAgents = screen.Must(`(censys|expanse|cortex-?xpanse|palo ?alto ?networks|shodan|binaryedge|internet-?measurement|netsystemsresearch|net ?craft|shadowserver|onyphe|criminalip|stretchoid|modat|internettl|odin\b|bitsight|leakix|project ?25499|researchscan|scaninfo|security research|gdnplus|ipip\.net|nicecrawler|visionheight|fofa|zoomeye|quake|rwth-aachen|university)`)
	scriptAgents   = regexp.MustCompile(`^(python|curl|wget|libwww|lwp|go-http-client|java/|okhttp|ruby|perl|php|axios|node-fetch|aiohttp|httpie|powershell|winhttp|scrapy|guzzle|apache-httpclient|jakarta|httpclient|rest-?client|unirest|typhoeus|mechanize|fasthttp|got \()`)
	shellPath      = screen.Must(`/(c99|r57|wso\d*|b374k|alfa(shell|cgiapi)?\w*|indoxploit|mini ?shell|web-?shell\w*|cmd ?shell|shell\d*|cmd|up(load)?_?shell|backdoor|marijuana|gel4y|wp-shell|chosen|radio|simple-?cmd|weevely|antsword|godzilla|behinder|china ?chopper|0x\w{0,10}|wp-22|xleet\w*|fox\w*wso|adminer-?shell|bypass\w{0,10}|priv8\w{0,10}|tinyfilemanager|filesman)\.(php\d?|phtml|jspx?|aspx?|ashx|cfm|cgi|pl)$`)
)

var shellArgument = screen.Must(`(^|[;&| ])(id|whoami|uname( -a)?|ls( -la?)?|pwd|cat |net user|ipconfig|ifconfig|dir|systeminfo|wget |curl |ver|ps( aux)?|netstat)($|[;&| ])`)

// drivesShell reports whether a script is told by an argument what to run.
func (r *request) drivesShell() bool {
	if !scriptTypes[r.extension] {
		return false
	}
	for i, name := range r.argNames {
		switch strings.ToLower(name) {
		case "cmd", "c", "exec", "command", "execute", "x", "shell", "e", "0", "1", "pass", "ant", "ac":
			if i < len(r.args) && shellArgument.MatchString(flatten(r.args[i])) {
				return true
			}
		}
	}
	return false
}

var scriptTypes = map[string]bool{
	"php": true, "php3": true, "php4": true, "php5": true, "php7": true, "php8": true, "phtml": true, "phar": true, "pht": true, "phps": true, "phpt": true, "jsp": true, "jspx": true, "jspf": true, "jsw": true, "jsv": true, "asp": true, "aspx": true,
	"ashx": true, "asmx": true, "asa": true, "cer": true, "cfm": true, "cgi": true, "pl": true, "war": true, "shtml": true, "inc": true,
}

var scriptContent = regexp.MustCompile(`(?i)<\?(php|=)|<%@?\s*(page|import|=|@)|runtime\.getruntime|<jsp:|request\.getparameter|<script[^>]+runat\s*=\s*["']?server`)

// uploadsScript reports whether a request puts a script on the server: as a
// file of a form, by PUT, or under a name in a header.
func (r *request) uploadsScript() bool {
	for _, name := range r.files {
		name = strings.TrimRight(strings.Join(strings.Fields(name), ""), ". \x00/\\")
		for _, part := range strings.Split(name, ".")[1:] {
			if scriptTypes[part] {
				return true
			}
		}
		if name == ".htaccess" || name == ".user.ini" || name == "web.config" {
			return true
		}
	}
	switch strings.ToUpper(r.event.Method) {
	case "PUT", "MOVE":
		return scriptTypes[r.extension]
	case "POST", "PATCH":
		return scriptContent.MatchString(r.body)
	}
	return false
}

var sessionNames = regexp.MustCompile(`(?i)^(jsession(id)?|phpsess(ion|id)?|asp(\.net_)?session(id)?\w*|cf(s?id|token)|sess(ion)?[-_]?id|jserv(session|id)\w*|weblogicsession|ci_session|laravel_session|.*auth\.session-token|rack\.session|connect\.sid|play_session|cakephp|shiny-token|symfony|zenid|websession(id)?|session-token|viewstate_session|_flask_session|koa[:.]sess|\w+\.sid|_rails_session|_session_id|sid)$`)

// fixesSession reports whether a link from another site brings a session along.
func (r *request) fixesSession() bool {
	if !slices.ContainsFunc(r.argNames, sessionNames.MatchString) && !r.jsonNamesSession() {
		return false
	}
	referer := r.event.Referer
	for _, h := range r.headers {
		if rest, ok := strings.CutPrefix(h, "referer: "); ok {
			referer = rest
		}
	}
	host := urlHost(strings.ToLower(referer))
	own := strings.ToLower(r.event.Host)
	for _, h := range r.event.Headers {
		if own == "" && strings.EqualFold(h.Name, "host") {
			own = strings.ToLower(h.Value)
		}
	}
	own, _, _ = strings.Cut(own, ":")
	return host != "" && own != "" && host != own
}

func (r *request) jsonNamesSession() bool {
	return strings.HasPrefix(strings.TrimSpace(r.body), "{") && slices.ContainsFunc(r.args, sessionNames.MatchString)
}

// abusesRange reports whether a header asks for parts of a document as nobody
// does who wants to read it: by the name that only old browsers knew, or for
// very many parts.
func abusesRange(h string) bool {
	name, value, _ := strings.Cut(h, ": ")
	return name == "request-range" || name == "range" && strings.Count(value, ",") >= 5
}

// smuggles reports whether headers leave two readings of where a request ends.
func (r *request) smuggles() bool {
	length, chunked, lengths := false, 0, 0
	for _, h := range r.headers {
		name, value, _ := strings.Cut(h, ": ")
		switch name {
		case "content-length":
			length = true
			if lengths++; strings.Contains(value, ",") {
				lengths++
			}
		case "transfer-encoding":
			if chunked++; !strings.EqualFold(strings.TrimSpace(value), "chunked") && strings.Contains(strings.ToLower(value), "chunked") {
				chunked++
			}
		}
	}
	return length && chunked > 0 || lengths > 1 || chunked > 1
}
