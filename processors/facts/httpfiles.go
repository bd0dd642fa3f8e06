package facts

import (
	"regexp"
	"strings"

	"github.com/ttpstream/ttpstream/rules/screen"
)

// Files of the server: climbing out of its directory, files that no visitor has
// business with, and files or services of elsewhere that it is to fetch.
var fileForms = []form{
	{"traversal", `./\`, matches(`(^|[/\\=:;"' ?&])(\.{2,}[/\\]+){2,}|[/\\]\.{2,}(;[^/\\]*)?[/\\]+(\.{2,}|\.?\.(;[^/\\]*)?[/\\]|etc|bin|windows|winnt|proc|usr|var|boot\.ini|web-inf|meta-inf|home|root|conf|cgi-bin|\.\w)|^\.{2,}[/\\]\.?\w|(\.\.;[/\\])|(\.{2,}[\\/]\.{0,2}[\\/]){2,}`)},
	{"local_file", `/\.`, anyOf(
		`(^|[^a-z0-9])/etc/(passwd|shadow|group|hosts|issue|motd|sudoers|gshadow|subuid|subgid|crontab|cron\.|fstab|mtab|profile|bash|ssh|ssl|my\.cnf|mysql|apache2?|httpd|nginx|php|resolv|network|init|rc|letsencrypt|pam|security|ld\.so|environment|os-release|redhat|debian|hostname|services|inetd|exports|samba|vsftpd|proftpd|openldap|postfix|docker|kubernetes)`,
		`(^|[^a-z0-9])/proc/(self|version|cmdline|cpuinfo|meminfo|mounts|net|sys|interrupts|\d+|sched|kallsyms|modules|devices)`, `(^|[^a-z0-9])/sys/(class|kernel|devices|fs|module)`, `(^|[^a-z0-9])/var/(log|run|spool|mail|lib|www)/`,
		`(^|[^a-z0-9])/(root|home/[^/ ]+)/\.`, `\b(boot|win|system|php|my|odbc)\.ini\b`, `[/\\](windows|winnt)[/\\](system32|win\.ini|system\.ini|repair|panther|php\.ini)`, `\bc:[/\\]+(windows|winnt|inetpub|boot|users|xampp|wamp|program)`,
		`(^|[/\\=])\.(ssh|aws|docker|kube|gnupg|git|svn|hg|bzr|env|htpasswd|htaccess|htgroup|bash_history|history|mysql_history|psql_history|netrc|npmrc|pgpass|bashrc|bash_profile|profile|viminfo|config/gcloud|azure|subversion|rhosts|my\.cnf|dockercfg|dockerenv|aiignore|vscode|idea|ds_store)($|[/\\?\x60 .])`,
		`\b(id_(rsa|dsa|ecdsa|ed25519)|authorized_keys|known_hosts|wp-config|web\.config|httpd\.conf|nginx\.conf|apache2\.conf|my\.cnf|shadow-|global\.asa|machine\.config|sam\._)\b`, `(^|[/\\])(web|meta)-inf[/\\]`, `\bconf/(httpd|server|tomcat-users)\.`,
	)},
	{"null_byte", "", func(in *input) bool { return strings.ContainsRune(in.text, 0) && in.from != inAgent }},
	{"remote_file", ":?", elsewhere(
		`^(url:)?(https?|ftps?)://\d{1,3}(\.\d{1,3}){3}([:/?]|$)`, `^(url:)?(https?|ftps?)://[^ ]*\?+$`, `^(url:)?(https?|ftps?)://[^ ]*(%2f|/|\\|#|&)[^ /]*@`, `^(url:)?(acap|ssh|git|svn\+ssh|mssql|mysql|postgres|redis|memcached|nntp|rtsp|vnc|ws|wss|finger|news|cifs|nbd|rsync|webdav|davs?):/*\S`, `^https?:/*\[[0-9a-f:.]+\]|^https?:\d{8,10}\b`, `^(url:)?(ftps?|sftp|tftp|smb|ssh2|ldaps?|gopher|dict|file|phar|expect|glob|php|data|zip|netdoc|local_file|ogg|rar|mailto|jdbc|rmi|svn|nfs|imap|pop3|telnet|view-source|compress\.\w+)\d?:(//|/|[a-z0-9+]+:|,|;base64)`,
		`^(url:)?(https?|ftps?)://[^ ]+\.(php\d?|txt|jpe?g|gif|sh|exe|ps1|pl|py|elf|bin|dat|inc)(\?+[^=]*)?$`, `^(?:https?|ftp|file)\?+$`, `\b(include|require)(_once)?[ (]+["']?(https?|ftps?|php|data):`, `^(jar|zip|phar):https?://`,
	)},
	{"ssrf", ".:/", elsewhere(
		`^(\w+:)?/*(https?://)?(localhost|127\.\d+\.\d+\.\d+|127\.\d{1,3}|0\.0\.0\.0|\[?::1?\]?|\[?::ffff:|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+)([:/]|$)`,
		`^https?://(0x[0-9a-f]{2,}|\d{8,10}|0\d{2,3}\.\d+|0\d{9,})([:/.?]|$)`, `^https?://\[[0-9a-f:.%]+\]`, `^https?://(\d{1,3}|0x[0-9a-f]+)(\.(\d+|0x[0-9a-f]+)){1,2}([:/]|$)`, `^https?://((0x[0-9a-f]+|0\d+)\.){1,3}(0x[0-9a-f]+|\d+)`,
		`^[a-z]+://[^/ ]*[。．｡ⓐ-ⓩ①-⑳]`, `^https?://[\\/]*[^/]*\\`, `\b(nip|sslip|xip)\.io\b|\.(burpcollaborator|oastify|interact|oast|dnslog|requestbin|webhook|pipedream|canarytokens|ngrok)\.\w+|localtest\.me|lvh\.me`,
	)},
	{"metadata_service", "1m0fr", elsewhere(`https?:/*(169\.254\.169\.254|\[?fd00:ec2::254\]?|0xa9fea9fe|2852039166|0251\.0376\.0251\.0376|100\.100\.100\.200|169\.254\.170\.2|169\.254\.43518|169\.16689662|192\.0\.0\.192)(:\d+)?(/?$|/(latest/(meta-data|user-data|dynamic|api/token)|metadata|openstack|computemetadata|v\d|hetzner|\d{4}-\d\d-\d\d|opc/))`, `169。254。169。254|metadata\.(google\.internal/|packet\.net|azure\.com|platformequinix)|instance-data\.ec2|computemetadata/v1|/opc/v[12]/instance|rancher-metadata`)},
}

// quietFiles are what looks like a planted file and is one of ordinary sites.
var quietFiles = regexp.MustCompile(`^/(\.well-known/|robots\.txt$|favicon\.ico$|sitemap|humans\.txt$|ads\.txt$|security\.txt$)|\.(css|png|jpe?g|gif|svg|woff2?|ttf|eot|ico|webp|mp4|webm)$`)

var sensitiveFiles = screen.Must(`(^|/)(\.(env|git|svn|hg|bzr|cvs|aws|ssh|docker|kube|vscode|idea|npmrc|netrc|pgpass|htpasswd|htaccess|htdigest|ds_store|bash_history|bashrc|profile|gnupg|config|s3cfg|boto|terraform|circleci|travis\.yml|gitlab-ci\.yml|gitignore|gitconfig|git-credentials|dockerignore|dockerenv|mysql_history|psql_history|sh_history|zsh_history|history|viminfo|aiignore|cursor|claude|remote|production|local|ftpconfig|subversion|well-knownx|esmtprc|msmtprc|pypirc|composer|user\.ini|trash|key|pem)([._~-][\w.~-]*)?|(wp-config|configuration|config|settings|local_settings|database|db|parameters|secrets?|credentials?|passwords?|backup|dump|database_backup|public_html|htdocs|mysql|localhost)[\w.-]*\.(php[~\d]*\.?(bak|old|save|swp|orig|txt|~)|bak|old|save|swp|orig|sql|ya?ml|json|ini|env|inc|cfg|conf|xml~|zip|tar|tar\.gz|tgz|gz|rar|7z|db|sqlite3?|mdb|pem|key|txt~)$|[^/]*\.(bak|old|orig|swp|swo|save|sql|sql\.\w+|sqlite3?|mdb|rdb|pem|key|p12|pfx|jks|keystore|kdbx|ovpn|ppk|asa|cer|dbf|mdf|ldf|dump|backup|axd|ldb|licx|resx|vsdisco|webinfo|cfg~|printer|htr|ida|idq|csproj|dos|cdx|xsd~|pol|sys|com|dll|lnk|ini|log|conf|config|inc)$|id_(rsa|dsa|ecdsa|ed25519)(\.|$)|(error|access|debug|laravel|errors|install|storage)[._-]?logs?($|\.)|(server|nginx|fpm|php-fpm|apache)[-_]?(status|info|ping)($|/)|phpinfo(\.php)?|info\.php|test\.php|php\.php|adminer[\w.-]*\.php|docker-compose[\w.-]*|dockerfile|composer\.(json|lock)|package(-lock)?\.json|yarn\.lock|gemfile(\.lock)?|requirements\.txt|web\.config|wp-config|crossdomain\.xml|elmah|trace\.axd|web-inf|meta-inf|heapdump|threaddump|actuator|jolokia|swagger[\w.-]*|openapi\.(json|ya?ml)|api-docs|graphi?ql|server-status|_profiler|debugbar|telescope|\.\./|proc/self|etc/passwd|jenkinsfile|vagrantfile|makefile|sftp[\w-]*\.json|deployment-config\.json|filezilla\.xml|winscp\.ini|ws_ftp\.ini|credentials|secrets|node_modules/[\w.-]*/?\.|@fs/|@id/|@vite/|proc/\w+|etc/\w+|sys/(class|kernel))($|[/?])`)

// sensitivePath reports whether a path is of a file that is not for visitors:
// settings, keys, version control, backups, logs.
func sensitivePath(path string) bool {
	low := strings.ToLower(path)
	if quietFiles.MatchString(low) && !strings.Contains(low, "/.git/") {
		return false
	}
	return sensitiveFiles.MatchString(strings.TrimPrefix(low, "/")) || sensitiveFiles.MatchString(low)
}

// knownExploit are paths by which well-known flaws are used: of routers,
// cameras and recorders, of application servers, mail servers, gateways and
// content management.
var knownExploit = screen.Must(`/cgi-bin/(luci/;stok=|\S*\.\./|\S*(bin/(ba)?sh)|nobody|supervisor|kerbynet|viewcert|test-cgi|php\d?($|\?)|php-cgi|account_mgr|nas_sharing|authlogin|downloadflile|mainfunction\.cgi|user/config)|/gponform/|/hnap1|/boaform/|/setup\.cgi\?|/shell\?|/goform/|/apply\w*\.cgi|/device\.rsp\?|/dvr/cmd|/picsdesc\.xml|/ctrlt/|/tmunblock\.cgi|/hndunblock|/wls-wsat/|/_async/asyncresponse|/console/(css|images)/(%252e|\.\.)|/vendor/phpunit/|/phpunit/(src|phpunit|util)|eval-stdin\.php|/_ignition/execute|/solr/(admin|\w+/(select|config|dataimport))|/struts2?-|/invoker/(jmxinvoker|ejbinvoker|readonly)|/jmx-console|/web-console/|/manager/(html|text)|/host-manager/|/autodiscover/autodiscover\.(xml|json)|/owa/auth/|/ecp/|/mapi/nspi|/powershell/?\?|/vpn/(\.\./|\.\.)|/vpns/|/dana-na/|/dana/html5|/remote/(fgt_lang|logincheck|login)|/tmui/|/mgmt/tm/|/global-protect/|/sslmgr|/ssl-vpn/|/api/v1/(totp|license/keys-status)|/sdk/webserver|/ui/vropspluginui|/suite-api/|/analytics/telemetry|/websso/|/rest/applinks|/pages/(createpage-entervariables|doenterpagevariables)|/(confluence/)?setup/setupadministrator|/server-info\.action|/template/aui/text-inline|/secure/contactadministrators|/plugins/servlet|/wp-content/plugins/\S*(\.\./|upload|shell|ajax|file)|/wp-admin/admin-ajax\.php\?\S*(upload|action=(revslider|duplicator|wpdatatables))|/wp-json/wp/v2/users|/\?author=\d|/xmlrpc\.php|/(index\.php)?\?s=[/\\]?(index|admin|home)?/?\\?think|invokefunction|/public/index\.php\?s=|/\?-[ds]\+|allow_url_include|auto_prepend_file|/php-?my-?admin\d*/|/pma\d*/|/mysqladmin|/myadmin/|/scripts/setup\.php|/sql/(sqlmanager|phpmyadmin)|/w00tw00t|/webdav/|/\.\./\.\./|/druid/(indexer|v2)|/nifi-api/|/jolokia/(exec|read|list)|/actuator/(env|heapdump|gateway|jolokia|httptrace|shutdown|refresh)|/api/jsonws/|/geoserver/(wfs|web)|/ofbiz|/webtools/control/|/xmlrpc/|/hudson|/script(text)?($|\?)|/jenkins/(script|cli)|/descriptorbyname/|/securityrealm/|/v1/agent/self|/v1/kv/|/v\d+\.\d+/(containers|images|exec)|/containers/(create|json)|/images/(create|json)|/_cat/indices|/_search\?|/_all\b|/_nodes|/_cluster|/_plugin/|/_snapshot|/api/v1/namespaces|/api/v1/pods|/run/\w+/\w+|/exec/\w+|/stager?\b.{0,30}\.bin|/api/v2/cmdb|/level/15/exec|/nagios|/zabbix/(jsrpc|setup)|/cacti/|/graph_view\.php|/remote_agent\.php|/evox/about|/nmaplowercheck|/nice%20ports|/nice ports|/trinity\.txt|/folder_view|/hedwig\.cgi|/getcfg\.php|/debug\.cgi|/language/swedish|/system\.ini\?|/cgi/conf\.bin|/rom-0|/user/register\?element_parents|/node/\?_format|/index\.php\?option=com_\w+.{0,200}(\[|select|base64)|/moveitisapi|/guestaccess\.aspx|/human\.aspx|/aspera/|/screenconnect|/setupwizard\.aspx|/app/rest/(users|debug)|/ssh_cmd|/api/\w+/exec|/portal/info\.jsp|/seeyon/|/yyoa/|/weaver/|/ispirit/|/general/|/nacos/|/api/console/api_server|/formwsdlupload|/fileserver/|/api/sonicos|/ws_utc/|/bea_wls_internal|/uddiexplorer/|/sap/|/irj/|/ctc/servlet|/nmap|/sitecore|/telerik\.web\.ui|/dialoghandler\.aspx|/_layouts/1[56]/|/ews/exchange|/rpc/|/cdn-cgi/trace\?`)

// elsewhere is anyOf for parts that name what a server is to fetch; headers name
// where a visitor came from.
func elsewhere(patterns ...string) func(*input) bool {
	holds := anyOf(patterns...)
	return func(in *input) bool { return in.from != inHeader && in.from != inAgent && holds(in) }
}
