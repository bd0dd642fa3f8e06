package schemas_test

import (
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// The goldens spell every field of every record out. They are literals on
// purpose: a golden that is computed moves with what it should hold still.

const (
	sha256A = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
	sha256B = "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"
	srcIP   = "198.51.100.7"
)

var (
	eventID    = uuid.MustParse("f9d65e88-d5ad-5da5-984f-2de8c5c8d4c4")
	attackerID = uuid.MustParse("0f1f8e0a-7c3f-5d7c-9a52-0e3f8f5f3c11")
	identityID = uuid.MustParse("3b8a4c1e-2f60-4d5e-8c7a-9e1d2b3c4f5a")
	eventTime  = time.Date(2026, 4, 14, 12, 34, 56, 789012000, time.UTC)
)

func envelope(kind schemas.SourceKind) schemas.Envelope {
	return schemas.Envelope{
		EventID: eventID, EventTime: eventTime, SourceKind: kind, Sensor: "hp-1",
		AttackerUUID: attackerID, SessionID: "a1b2c3d4e5f6",
	}
}

func factGoldens() []golden {
	return []golden{
		{"command", "command", &schemas.CommandEvent{
			Envelope: envelope(schemas.KindCommand), SrcIP: srcIP, Protocol: "ssh",
			Command: "echo \"<a&b>\\\t\u00e9\u2028\U0001F600\x00\" | base64 -d",
		}},
		{"auth", "auth", &schemas.AuthEvent{
			Envelope: envelope(schemas.KindAuthAttempt), SrcIP: srcIP, SrcPort: 40022, Protocol: "ssh", Method: "publickey",
			Success: true, Username: "root", Password: "5f4dcc3b5aa765d6", PasswordHashed: true,
			KeyFingerprint: "SHA256:AbCdEf", KeyType: "ssh-ed25519",
		}},
		{"http", "http", &schemas.HTTPEvent{
			Envelope: envelope(schemas.KindHTTPRequest), SrcIP: srcIP, Method: "POST", Scheme: "https", Host: "203.0.113.10",
			Port: 8443, Path: "/cgi-bin/%2e%2e/sh", Query: "a=1&b=%27", Version: "1.1", UserAgent: "curl/8.5.0",
			Referer: "http://203.0.113.1/", Headers: []schemas.HTTPHeader{{Name: "Accept", Value: "*/*"}, {Name: "Cookie"}},
			Body: "id; uname", Status: 200,
		}},
		{"session", "session", &schemas.SessionEvent{
			Envelope: envelope(schemas.KindSession), Activity: schemas.ActivityClientKex, SensorEvent: "cowrie.client.kex",
			Protocol: "ssh", SrcIP: srcIP, SrcPort: 40022, DstIP: "192.0.2.1", DstPort: 2222, DurationSeconds: 1.5,
			ClientVersion: "SSH-2.0-Go", Hassh: "92674389fa1e47a27ddd8d9b63ecd42b", HasshAlgorithms: "curve25519-sha256;aes128-ctr",
			JA4H: "ge11nn05enus_9ed1ff1f7b03", ForwardHost: "203.0.113.20", ForwardPort: 25, ForwardData: "EHLO a",
			VarName: "LC_ALL", VarValue: "C", Arch: "linux-x64-lsb", Command: "uname", CommandFound: true,
			LogSHA256: sha256A, Detail: "client offered 2 algorithms",
		}},
		{"transfer", "transfer", &schemas.TransferEvent{
			Envelope: envelope(schemas.KindTransfer), Direction: schemas.TransferDownload, Success: true, Protocol: "ssh", SrcIP: srcIP,
			URL: "http://203.0.113.9/bins.sh", Filename: "bins.sh", Path: "var/lib/downloads/2c26", SHA256: sha256A, Size: 2048,
		}},
		{"intel", "intel", &schemas.IntelEvent{
			Envelope: envelope(schemas.KindIntelVerdict), SrcIP: srcIP, Provider: schemas.ProviderThreatFox, Verdict: "botnet_cc",
			Score: new(0.75), Categories: []string{"18"}, Tags: []string{"mirai"}, MalwareFamily: "elf.mirai", ThreatType: "botnet_cc",
		}},
		{"email", "email", emailGolden()},
		{"canary", "canary", canaryGolden()},
		{"behaviour", "behaviour", &schemas.BehaviourEvent{
			Envelope: envelope(schemas.KindBehaviour), Class: "brute_force", ToolGuesses: []string{"hydra", "medusa"}, Confidence: 0.8,
			WindowStart: eventTime.Add(-time.Minute), WindowEnd: eventTime, Profiler: "ttpstream",
		}},
	}
}

func emailGolden() *schemas.EmailEvent {
	return &schemas.EmailEvent{
		Envelope: envelope(schemas.KindEmail), SrcIP: srcIP, MessageIDHash: sha256A,
		FromDomain: "bank.example", ReturnPathDomain: "mailer.example", ReplyToDomain: "reply.example",
		HELO: "localhost", Mailer: "PHPMailer 6.8", SPF: "fail", DKIM: "none", DMARC: "fail",
		HeaderNames: []string{"Received", "From"}, ReceivedHops: 2, DateSkewSeconds: -3600.5,
		RecipientCount: 3, RecipientDomains: []string{"corp.example"}, URLHosts: []string{"xn--bnk-sna.example"},
		Traits: []string{"url.punycode"}, BodyFingerprint: "T1A2B3", EncodedBytes: 512,
		Attachments: []schemas.EmailAttachment{{
			SHA256: sha256B, Extension: "docm", MediaType: "application/zip", DeclaredType: "application/pdf",
			Size: 4096, Traits: []string{"macro"},
		}},
	}
}

func canaryGolden() *schemas.CanaryEvent {
	return &schemas.CanaryEvent{
		Envelope: envelope(schemas.KindCanaryFingerprint), SrcIP: srcIP, TokenType: "web_bug", TokenID: "token-1", UserAgent: "Mozilla/5.0",
		Fingerprint: &schemas.BrowserFingerprint{
			Webdriver: new(false), Platform: "Linux x86_64", UserAgent: "HeadlessChrome", Languages: []string{"en-US"},
			TimeZone: "UTC", WebGLVendor: "Google Inc.", WebGLRenderer: "SwiftShader", CanvasHash: "c0ffee", AudioHash: "decade",
			ScreenWidth: 800, ScreenHeight: 600, TouchPoints: new(0), WebRTCAddresses: []string{"10.0.0.2"},
		},
	}
}
