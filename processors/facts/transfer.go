package facts

import (
	"net/netip"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftTransfer lifts a file that came onto the sensor. transfer.host is the
// host of the URL; a file that was made on the sensor has neither. The
// password of a URL is a secret. Out is reset first.
func LiftTransfer(ev *schemas.TransferEvent, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindTransfer
	if ev.SourceKind == schemas.KindPayload {
		out.SourceKind = schemas.KindPayload
	}
	f := &out.Base
	url := valid(ev.URL)
	addText(f, "transfer.direction", ev.Direction)
	f.AddBool("transfer.success", ev.Success)
	addText(f, "transfer.url", url)
	addText(f, "transfer.host", urlHost(url))
	addText(f, "transfer.filename", ev.Filename)
	addText(f, "transfer.path", ev.Path)
	addText(f, "transfer.sha256", ev.SHA256)
	addNumber(f, "transfer.size", float64(ev.Size))
	addText(f, "session.protocol", ev.Protocol)
	addText(f, "sensor", ev.Sensor)
	out.Secrets = appendSecrets(out.Secrets, url)
}

// urlHost returns the host of a URL, which may lack its scheme.
func urlHost(url string) string {
	for i := 0; i+2 < len(url); i++ {
		if url[i:i+3] == "://" {
			return hostOf(url[i+3:])
		}
	}
	host := hostOf(url)
	if _, err := netip.ParseAddr(host); err == nil || isDomain(host) {
		return host
	}
	return ""
}
