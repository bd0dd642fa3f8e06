package facts

import (
	"regexp"
	"strings"
)

// Databases that are told more than they were asked.
var sqlForms = []form{
	{"sqli", "", tautology(
		// A query beside the query.
		`\bunion\b[ (]*(all|distinct)?[ (]*select\b`, `\bunion\W{0,10}select\b`, `unionselectfrom`, `\(\s*select\b`, `\bselect\b\W{0,3}(\*|[\w.@]+\s*\(|@@|null\b|0x|\d+\s*,|case\b|distinct\b|top\b|char\b|concat|\w+(\s*,\s*[\w.*]+)+\s+from\b|[\w.*]+\s+from\s+[\w.]+\s*(where|limit|--|;|$|\)|order|group|union|into))`,
		`\bin\s*\(\s*select\b`, `\b(insert|replace)\s+into\b\s*\w+.{0,80}\b(values|select|set)\b`, `\bdelete\s+from\s+\w+`, `\bupdate\s+[\w.]+\s+set\s+\w+\s*=`, `\b(drop|alter|truncate|create)\s+(table|database|schema|view|index|user|procedure|function|trigger|login|temporary)\b`,
		// A second statement.
		`['"\x60)\d]?\s*;\s*(select|insert|update|delete|drop|alter|create|exec(ute)?|declare|shutdown|truncate|waitfor|grant|revoke|merge|call|copy|set\s+@|begin|load_file|if\s*\(|attach|pragma)\b\W`, `\bdeclare\s*@\w+`, `\bexec(ute)?\s*(\(\s*['"@]|master|sp_|xp_|immediate|@|')`,
		// What only a database understands.
		`\b(sleep|benchmark|pg_sleep|pg_sleep_for|randomblob|dbms_pipe\.receive_message|dbms_lock\.sleep|generate_series)\s*\(\s*['"\d(]`, `\bwaitfor\s+(delay|time)\b`, `\b(xp_(cmdshell|dirtree|fileexist|regread|regwrite|availablemedia|enumdsn|loginconfig|makecab|ntsec|terminate_process|subdirs)|sp_(oacreate|executesql|makewebtask|configure|addextendedproc|password|execute|help|prepare|sqlexec|replwritetovarbin))\b`,
		`\b(information_schema|sysobjects|syscolumns|sysdatabases|sysusers|msysobjects|msysaces|msysqueries|pg_catalog|pg_shadow|pg_user|pg_class|sqlite_(master|schema|temp_master)|mysql\.(user|db|host)|all_tables|user_tables|all_users|user_tab_columns|sys\.(tables|objects|database|all_tables|user\$?)|v\$version|dual\s*(--|where|union|\))|northwind|tempdb|master\.\.|mysql\.innodb_table_stats)\b`,
		`@@(version|hostname|datadir|basedir|servername|global|identity|tmpdir|spid|language|connections|cpu_busy|max_connections|rowcount|nestlevel)\b`, `\b(extractvalue|updatexml|xmltype|dbms_xmlgen|utl_(http|inaddr|file|raw|smtp)|httpuritype|ctxsys|sys_context|load_file|group_concat|json_extract|string_agg|array_agg|wm_concat|listagg|procedure\s+analyse|lo_import|pg_read_file|pg_ls_dir|current_setting|query_to_xml|database_to_xml|regexp_substr|make_set|elt|find_in_set|polygon|geometrycollection|multipoint|st_latfromgeohash|gtid_subset|name_const|exp\s*\(\s*~)\s*[.(]`,
		`\butl_(http|inaddr|file)\b`, `\binto\s+(out|dump)file\b`, `\b(cast|convert)\s*\(.{0,80}\b(as|using)\s+(char|varchar|nvarchar|int|integer|signed|numeric|text|decimal|binary)`, `\bconvert\s*\(\s*int\b`, `\bcase\s+when\b.{1,120}\bthen\b`, `\b(char|chr|nchar|unhex|concat|concat_ws)\s*\(\s*(\d{2,3}|0x[0-9a-f]{2,})\s*[,)|+]`, `\b(ascii|ord|substr(ing)?|mid|length|char_length|lower|hex|bin)\s*\(\s*\(?\s*(select|user|database|version|current_user|@@|substr(ing)?)\b`,
		`\border\s+by\s+\d+\s*(--|#|/\*|,|;|$)`, `\b(group\s+by|having)\s+[\w().]+\s*(=|>|<|having|--|#)`, `\bhaving\s+\d+\s*=\s*\d+`, `\b(if|iif|ifnull|nullif|isnull)\s*\(.{1,80}(,.{0,60}){1,2}\)`, `/\*!\d{0,5}`, `\b(like|rlike|regexp|sounds\s+like|similar\s+to)\s+(binary\b|['"]?%|0x|['"]\w{0,20}%|\(\s*select)`, `['"\x60)]\s*(like|rlike|regexp|similar\s+to|sounds\s+like)\s*['"(%]`, `\bexists\s*\(\s*select\b`,
		`\b(user|database|version|current_user|session_user|system_user|schema|row_count|last_insert_id|connection_id)\s*\(\s*\)`, `\bload\s+data\s+(low_priority\s+|concurrent\s+|local\s+)*infile\b`, `\bcopy\s+\w+\s+(from|to)\s+(program|'|stdin)`, `\bmerge\s+into\s+\w+\s+using\b`, `\bhandler\s+\w+\s+(open|read)`, `\bcreate\s+(or\s+replace\s+)?(function|procedure)\b.{0,120}\b(returns?|language|as)\b`, `\bdo\s+\$\$`,
		`\bopen(query|rowset|datasource)\s*\(`, `\bwhere\b\s+[\w.]+\s*(=|<|>|like|in)\s*['"(\d]`, `\bbulk\s+insert\b`, `\bautonomous_transaction\b`, `\bselect\b.{1,60}\bfrom\b.{1,60}\bwhere\b`, `\b(limit|offset)\s+\d+\s*(,|offset)\s*\d+\s*(--|#|;|into|$)`,
		// A condition that is always true.
		`(^|['"\x60)\d\s])\s*\b(and|or|xor|not|div|having|where|between|like|rlike|\|\||&&)\b[\s(!~+'"\x60-]*\d+['"\x60)\s]*(=|<=>|<>|!=|>=?|<=?|like|rlike|in|between|is)\s*[('"\x60\s-]*\d+`, `(\|\||&&|\bor\b|\band\b|\bxor\b)\s*\(?['"\x60]([^'"\x60]{0,40})['"\x60]\s*(=|<=>|<>|!=|>=?|<=?|like|rlike|is|in|between)\s*['"\x60(]`, `['"\x60]\s*\)*\s*(\|\||&&|\bor\b|\band\b|\bxor\b|\bdiv\b|\blike\b|\brlike\b|\bin\b|\bbetween\b|\bhaving\b|\bis\b|\bregexp\b|\bcollate\b|\bsounds\s+like\b)\s*[('"\x60]?\s*[\w'"\x60(@!~-]+['"\x60)\s]*(=|<=>|<>|!=|>=?|<=?|like|rlike|is|in|between|\+|\*|--|#|;|\(|$)`,
		`^[\W\d]{0,3}(and|or|xor|\|\||&&)[\s(]*[!\w.'"]{1,40}[\s)]*(={1,3}|<>|!={1,2}|<=>|\blike\s+['"(%]|\bglob\b)\s*(['"(\d!]|$)`, `['"\x60]\s*(and|or|xor)\b.{1,60}(\bglob\b|\bis\s+(not\s+)?null|\bsimilar\s+to\b|--|\bnotnull\b|\bisnull\b)`, `\boverlay\s*\(|\)::\w+|\b\w+\s*\([^)]{0,60}\)::(int|bigint|text|double|numeric|varchar)`, `;\s*(drop|insert|delete|truncate|alter|shutdown)\b\s*\w*\s*$`, `^['"\x60]{1,2}\s*['"\x60]?\s*[,*^%+/:-]+\s*\d`, `^['"\x60]\s*[*?]\s*(\w+\s*)?[=#']`, `\b(msdasql|sqloledb)\b`, `\w::(int|bigint|text|double|numeric|varchar|regclass|oid|json)\b`, `\bdiv\s*\(\s*-?[\d.]+\s*,`, `\bwhen\s+\d+\s+then\b`, `\bif\s*\(\s*\d+\s*=`, `^\W{0,2}(x?or|and)\s+['"]?\w{1,20}['"]?\s*[<>]`,
		`\b(and|or)\s+(true|false|not|exists|null)\b\s*(=|--|#|;|\(|is|$)`, `^[^'"\x60]{0,40}['"\x60]\s*\)*\s*(or|and|xor)\s*\(*['"\x60]`, `['"\x60]\s*(\|\||&&|=|<>|!=|<=>|<|>|\+|\*|/|%|\^|\|)+\s*['"\x60]`, `['"\x60]\s*(=|<>|!=|<=>|>=|<=|<|>)\s*['"\x60(\d]`, `^\s*\(?['"\x60]?\w{0,40}['"\x60]\s*\)*\s*(--([\s-]|$)|#|/\*|;\s*(--|#|/\*|$)|;?\x00)`, `\w['"\x60]\s*\)*\s*(--(\s|$)|;--|#\s*$|/\*)`, `\)\s*(or|and|like|in|having|union|between)\s*\(`,
	)},
	// One quote too many: what a probe sends to see an error.
	{"sqli_probe", `'"` + "`", func(in *input) bool {
		text := strings.TrimSpace(in.low)
		return (in.from == inArg || in.from == inCookie) && len(text) < 24 && (strings.HasSuffix(text, "'") || strings.HasSuffix(text, `"`)) && oddQuotes(text) && !strings.Contains(text, " ") && len(text) > 1
	}},
	{"nosqli", "$[", anyOf(
		`^\w*\[?\$(ne|gt|gte|lt|lte|in|nin|regex|where|exists|or|and|not|nor|eq|elemmatch|all|size|mod|type|expr|jsonschema|text|options)\]?$`, `\[\$(ne|gt|gte|lt|lte|in|nin|regex|where|exists|or|and|eq)\]`, `\{\s*["']?\$(ne|gt|gte|lt|lte|in|nin|regex|where|exists|or|and|eq|not)["']?\s*:`, `^\$(ne|gt|gte|lt|lte|nin|regex|where|exists|elemmatch)$`, `\bthis\.\w+\s*(==|!=|\.match|\.length)`, `\bdb\.\w+\.(find|insert|drop|remove|count|aggregate)\w*\(`, `['"];?\s*return\s+(true|\(?true)`, `['"]\s*\|\|\s*\d+\s*==\s*\d+`, `\bdb\.(getcollectionnames|injection|version|listcollections)`,
	)},
	{"ldap_injection", "()*|&", matches(`\)\s*\(\s*[|&!]|\*\)\s*\(\s*[|&!\w]+[=(]|\(\s*[|&]\s*\(\s*\w+\s*[=~<>]|\)\(\w+=\*|^\*\)|\)\(cn=|\(objectclass=\*`)},
	{"xpath_injection", "'[/", matches(`'\s*\]\s*\|?\s*/?/|\b(count|name|string-length|position|last|substring)\s*\(\s*(/|//|\.|\*)|/\*\[|//\w+\[|\bchild::|\bparent::|\bancestor::|\bself::node`)},
}

// oddQuotes reports whether a text has an odd number of quotes.
func oddQuotes(text string) bool {
	return strings.Count(text, "'")%2 == 1 || strings.Count(text, `"`)%2 == 1
}

var (
	sameTwice = regexp.MustCompile(`^['"(\s]*(\w+)['")\s]*(?:=|\blike\b|<=>)['"(\s]*(\w+)['")\s]*$`)
	openEnd   = regexp.MustCompile(`^[^;]{2,80}['"\x60]\s*;\s*(--.*|#.*)?$`)
)

// tautology is anyOf with two forms that need counting: a number compared with
// itself, and a quote that was opened elsewhere before a semicolon.
func tautology(patterns ...string) func(*input) bool {
	holds := anyOf(patterns...)
	return func(in *input) bool {
		if holds(in) {
			return true
		}
		if in.from != inArg && in.from != inCookie {
			return false
		}
		same := sameTwice.FindStringSubmatch(in.low)
		return same != nil && same[1] == same[2] || openEnd.MatchString(in.low) && oddQuotes(in.low)
	}
}
