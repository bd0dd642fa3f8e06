package schemas

// The directions of a transfer, as the sensor sees them.
const (
	// TransferDownload: the attacker made the sensor fetch a URL.
	TransferDownload = "download"
	// TransferUpload: the attacker sent a file (SFTP, SCP, FTP STOR).
	TransferUpload = "upload"
	// TransferCreated: a file came to be on the sensor without a transfer, as
	// by a redirection. It is no ingress of a tool.
	TransferCreated = "created"
)

// TransferEvent is a file that came onto a sensor or was to come, on topic
// attacker.transfer. All but Direction may be empty.
type TransferEvent struct {
	Envelope
	// Direction is download, upload or created.
	Direction string `json:"direction"`
	// Success says that the sensor holds the file.
	Success  bool   `json:"success"`
	Protocol string `json:"protocol,omitempty"`
	SrcIP    string `json:"src_ip,omitempty"`
	// URL is where the file was to come from, as the attacker gave it.
	URL string `json:"url,omitempty"`
	// Filename is the name that the attacker gave the file.
	Filename string `json:"filename,omitempty"`
	// Path is where the sensor stored it.
	Path string `json:"path,omitempty"`
	// SHA256 is the hash of the content, lower-case hex.
	SHA256 string `json:"sha256,omitempty"`
	// Size is the length of the content in bytes. 0: unknown or empty.
	Size int64 `json:"size,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *TransferEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindTransfer, KindPayload)
	c.oneOf("direction", e.Direction, TransferDownload, TransferUpload, TransferCreated)
	c.short("protocol", e.Protocol)
	c.short("src_ip", e.SrcIP)
	c.long("url", e.URL)
	c.long("filename", e.Filename)
	c.long("path", e.Path)
	c.short("sha256", e.SHA256)
	c.notNegative("size", float64(e.Size))
	return c.result()
}
