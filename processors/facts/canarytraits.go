package facts

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// BrowserTraits are the values of browser.traits.
var BrowserTraits = []string{
	"webdriver", "automation_agent", "software_renderer", "no_languages", "platform_mismatch", "renderer_mismatch", "mobile_mismatch", "impossible_screen", "webrtc_private", "webrtc_public",
	"zone_mismatch", "language_mismatch",
}

var automationAgents = regexp.MustCompile(`(?i)headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress|electron|jsdom|zombie\.js|splash|nightmare|casperjs|htmlunit|chrome-lighthouse`)

// browserTraits names what a browser says that people's browsers do not, and
// what of it does not fit together. What it does not say is no trait.
func browserTraits(b *schemas.BrowserFingerprint, country string) []string {
	var found []string
	seen := func(name string, is bool) {
		if is {
			found = append(found, name)
		}
	}
	renderer := strings.ToLower(b.WebGLRenderer + " " + b.WebGLVendor)
	seen("webdriver", b.Webdriver != nil && *b.Webdriver)
	seen("automation_agent", automationAgents.MatchString(b.UserAgent))
	seen("software_renderer", strings.Contains(renderer, "swiftshader") || strings.Contains(renderer, "llvmpipe") || strings.Contains(renderer, "softpipe") || strings.Contains(renderer, "basic render"))
	seen("no_languages", b.Languages != nil && len(b.Languages) == 0)
	claimed := systemOf(b.UserAgent)
	seen("platform_mismatch", platformLies(claimed, b))
	seen("renderer_mismatch", rendererLies(claimed, renderer))
	seen("mobile_mismatch", mobileLies(claimed, b))
	seen("impossible_screen", b.ScreenWidth > 0 && b.ScreenHeight > 0 && (b.ScreenWidth < 200 || b.ScreenHeight < 200))
	private, public := addressesOf(b.WebRTCAddresses)
	seen("webrtc_private", private)
	seen("webrtc_public", public)
	if country != "" {
		zone := zoneCountries[b.TimeZone]
		seen("zone_mismatch", len(zone) > 0 && !slices.Contains(zone, strings.ToUpper(country)))
		seen("language_mismatch", regionDiffers(b.Languages, strings.ToUpper(country)))
	}
	return found
}

// The systems that a user agent may claim.
const (
	systemWindows = "windows"
	systemMac     = "mac"
	systemIPhone  = "ios"
	systemAndroid = "android"
	systemLinux   = "linux"
)

// systemOf returns the system that a user agent claims, nothing where it claims
// none that is known.
func systemOf(agent string) string {
	low := strings.ToLower(agent)
	switch {
	case strings.Contains(low, "windows phone"):
		return ""
	case strings.Contains(low, "windows nt"):
		return systemWindows
	case strings.Contains(low, "iphone"), strings.Contains(low, "ipad"), strings.Contains(low, "ipod"):
		return systemIPhone
	case strings.Contains(low, "android"):
		return systemAndroid
	case strings.Contains(low, "mac os x"), strings.Contains(low, "macintosh"):
		return systemMac
	case strings.Contains(low, "cros "):
		return ""
	case strings.Contains(low, "linux"), strings.Contains(low, "x11"):
		return systemLinux
	}
	return ""
}

// platformLies reports whether navigator.platform is of another system than the
// user agent. A tablet of Apple's says Macintosh and MacIntel; a phone may ask
// for the desktop's page, and says so with its touch points.
func platformLies(claimed string, b *schemas.BrowserFingerprint) bool {
	p := strings.ToLower(b.Platform)
	if p == "" || claimed == "" {
		return false
	}
	touch := b.TouchPoints != nil && *b.TouchPoints > 0
	switch claimed {
	case systemWindows:
		return !strings.HasPrefix(p, "win") && !touch
	case systemMac:
		return !strings.HasPrefix(p, "mac") && p != "ipad" && p != "iphone" && !touch
	case systemIPhone:
		return p != "iphone" && p != "ipad" && p != "ipod" && !(p == "macintel" && touch)
	case systemAndroid:
		return !strings.Contains(p, "linux") && !strings.Contains(p, "android") && !strings.Contains(p, "arm") && !strings.Contains(p, "aarch64")
	case systemLinux:
		return strings.HasPrefix(p, "win") || strings.HasPrefix(p, "mac") || p == "iphone" || p == "ipad"
	}
	return false
}

// rendererLies reports whether the graphics belong to another system.
func rendererLies(claimed, renderer string) bool {
	if strings.TrimSpace(renderer) == "" {
		return false
	}
	direct := strings.Contains(renderer, "direct3d")
	metal := strings.Contains(renderer, "metal renderer") || strings.Contains(renderer, "apple gpu")
	switch claimed {
	case systemWindows:
		return metal || strings.Contains(renderer, "mesa") && !strings.Contains(renderer, "direct") || !direct && (strings.Contains(renderer, "mali-") || strings.Contains(renderer, "powervr") || strings.Contains(renderer, "adreno"))
	case systemMac, systemIPhone:
		return direct || strings.Contains(renderer, "mali-") || strings.Contains(renderer, "adreno")
	case systemAndroid, systemLinux:
		return direct || metal
	}
	return false
}

// mobileLies reports whether a browser that claims to be a telephone's cannot be
// touched, or has a desk's screen.
func mobileLies(claimed string, b *schemas.BrowserFingerprint) bool {
	if claimed != systemIPhone && claimed != systemAndroid || !strings.Contains(b.UserAgent, "Mobile") || strings.Contains(b.UserAgent, "iPad") {
		return false
	}
	wide := min(b.ScreenWidth, b.ScreenHeight) >= 900 && b.ScreenWidth > b.ScreenHeight
	return b.TouchPoints != nil && *b.TouchPoints == 0 || wide
}

// addressesOf reports whether WebRTC showed an address of an inner network, and
// one of the Internet.
func addressesOf(texts []string) (private, public bool) {
	for _, text := range texts {
		addr, err := netip.ParseAddr(text)
		if err != nil {
			continue // browsers show a name in place of it
		}
		if addr.IsPrivate() || addr.IsLinkLocalUnicast() {
			private = true
		} else if addr.IsGlobalUnicast() {
			public = true
		}
	}
	return private, public
}

// regionDiffers reports whether every language that names a region names
// another than the country. English is spoken everywhere.
func regionDiffers(languages []string, country string) bool {
	named := false
	for _, language := range languages {
		name, region, ok := strings.Cut(language, "-")
		if !ok || len(region) != 2 || strings.EqualFold(name, "en") {
			continue
		}
		if strings.EqualFold(region, country) {
			return false
		}
		named = true
	}
	return named
}

// zoneCountries are the countries of the time zones that are seen most.
var zoneCountries = map[string][]string{
	"America/New_York": {"US"}, "America/Chicago": {"US"}, "America/Denver": {"US"}, "America/Los_Angeles": {"US"}, "America/Phoenix": {"US"}, "America/Toronto": {"CA"}, "America/Vancouver": {"CA"},
	"America/Mexico_City": {"MX"}, "America/Sao_Paulo": {"BR"}, "America/Argentina/Buenos_Aires": {"AR"}, "America/Bogota": {"CO"}, "America/Santiago": {"CL"}, "America/Lima": {"PE"}, "America/Caracas": {"VE"},
	"Europe/London": {"GB", "IM", "JE", "GG"}, "Europe/Dublin": {"IE"}, "Europe/Berlin": {"DE"}, "Europe/Paris": {"FR", "MC"}, "Europe/Madrid": {"ES"}, "Europe/Rome": {"IT", "VA", "SM"}, "Europe/Amsterdam": {"NL"},
	"Europe/Brussels": {"BE"}, "Europe/Vienna": {"AT"}, "Europe/Zurich": {"CH", "LI"}, "Europe/Stockholm": {"SE"}, "Europe/Oslo": {"NO"}, "Europe/Copenhagen": {"DK"}, "Europe/Helsinki": {"FI"}, "Europe/Warsaw": {"PL"},
	"Europe/Prague": {"CZ"}, "Europe/Budapest": {"HU"}, "Europe/Bucharest": {"RO"}, "Europe/Sofia": {"BG"}, "Europe/Athens": {"GR"}, "Europe/Lisbon": {"PT"}, "Europe/Moscow": {"RU"}, "Europe/Kiev": {"UA"}, "Europe/Kyiv": {"UA"},
	"Europe/Minsk": {"BY"}, "Europe/Istanbul": {"TR"}, "Asia/Shanghai": {"CN"}, "Asia/Hong_Kong": {"HK"}, "Asia/Taipei": {"TW"}, "Asia/Tokyo": {"JP"}, "Asia/Seoul": {"KR"}, "Asia/Kolkata": {"IN"}, "Asia/Calcutta": {"IN"},
	"Asia/Singapore": {"SG"}, "Asia/Jakarta": {"ID"}, "Asia/Bangkok": {"TH"}, "Asia/Ho_Chi_Minh": {"VN"}, "Asia/Saigon": {"VN"}, "Asia/Manila": {"PH"}, "Asia/Karachi": {"PK"}, "Asia/Dhaka": {"BD"}, "Asia/Tehran": {"IR"},
	"Asia/Dubai": {"AE", "OM"}, "Asia/Riyadh": {"SA", "KW", "YE"}, "Asia/Jerusalem": {"IL"}, "Asia/Pyongyang": {"KP"}, "Africa/Cairo": {"EG"}, "Africa/Lagos": {"NG"}, "Africa/Johannesburg": {"ZA"}, "Africa/Nairobi": {"KE"},
	"Australia/Sydney": {"AU"}, "Australia/Melbourne": {"AU"}, "Pacific/Auckland": {"NZ"},
}
