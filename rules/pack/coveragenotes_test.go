package pack

// blindSpots are what rules on single events cannot see.
var blindSpots = []string{
	"A rule sees one event. What shows only in numbers or in order (guessing, spraying, beacons, sweeps typed one address at a time) is for rules with memory.",
	"A command is judged as typed. What a script does that was fetched, uploaded or compiled elsewhere is not seen; that it was run is.",
	"An alias, a function defined in another line, or a variable set in an earlier one hides what runs.",
	"A program under another name is not recognised by what it is: a scanner renamed to a word of no meaning is a program run from a place.",
	"Full-screen programs and interactive clients (an editor, a database prompt) are seen by how they were started, not by what is typed into them.",
	"Program text given to an interpreter is searched for calls that run commands, fetch or open sockets; names put together at run time are not followed.",
	"Windows commands are covered only where a Linux host performs the technique on others.",
}

type correction struct{ signal, reference, here string }

// corrections list where the reference's technique or tactic does not stand in
// the pack's release of ATT&CK.
var corrections = []correction{
	{"behavior_class=beaconing", "TA0011 T1029", "TA0010 T1029"},
	{"chmod +x", "TA0005 T1222.002", "TA0112 T1222.002"},
	{"Default IoT creds (root/root)", "TA0006 T1078.001", "TA0001 T1078.001"},
	{"Default IoT creds (admin/admin)", "TA0006 T1078.001", "TA0001 T1078.001"},
	{"Anonymous login attempt (FTP)", "TA0006 T1078.001", "TA0001 T1078.001"},
	{"Default community string (SNMP)", "TA0006 T1078.001", "TA0001 T1078.001"},
	{"Webshell access pattern", "TA0011 T1059", "TA0002 T1059"},
	{"Pass-the-hash signature", "TA0006 T1550.002", "TA0008 T1550.002"},
	{"STARTTLS downgrade attempt", "TA0005 T1562.010", "TA0112 T1689"},
	{"Tracking-pixel beacon URL", "TA0007 T1592", "TA0043 T1592"},
	{"Shellcode signature", "TA0002 T1055", "TA0005 T1055"},
	{"Wildcard SUBSCRIBE (MQTT)", "TA0100 T0801", "none: a technique of ATT&CK for ICS"},
	{"Modbus function-code scan", "TA0102 T0846", "none: a technique of ATT&CK for ICS"},
	{"Coil or register write", "TA0106 T0831", "none: a technique of ATT&CK for ICS"},
}

// lowered say where the reference's confidence meets what every administrator
// does.
var lowered = []string{
	"useradd alone: 0.55 for the reference's high (R0024); an account with the superuser's number or a strong group and a password: 0.9 (R0150).",
	"wget and curl with an address: 0.55 (R0012); from a bare address, into a scratch directory or a shell: 0.85 (R0123).",
	"netstat, ss, ifconfig, ip, arp: 0.5 (R0020, R0021).",
	"chmod +x: 0.5 (R0175); made executable and run in one line: 0.85 for T1059.004 where it was brought here or lies in a scratch directory (R0119), else 0.55 (R0504).",
	"ssh-copy-id, docker exec, systemctl enable, passwd -l, git push, aws s3 cp and their like: 0.45 to 0.55.",
	"crontab -e: 0.55 (R0153), because an editor was opened and nothing is known to be written.",
}
