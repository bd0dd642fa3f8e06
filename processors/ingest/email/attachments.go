package email

import (
	"archive/zip"
	"bytes"
	"net/http"
	"path"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/ttpstream/ttpstream/schemas"
)

// AttachmentTraits are the traits that an attachment may have.
var AttachmentTraits = []string{
	"attachment.executable", "attachment.script", "attachment.shortcut", "attachment.disk_image", "attachment.macro", "attachment.auto_macro", "attachment.embedded_object",
	"attachment.archive", "attachment.archive_executable", "attachment.archive_script", "attachment.encrypted", "attachment.nested_archive", "attachment.html", "attachment.html_smuggling",
	"attachment.html_form", "attachment.svg_script", "attachment.pdf_active", "attachment.pdf_link", "attachment.double_extension", "attachment.type_mismatch", "attachment.reversed_name",
	"attachment.onenote", "attachment.encrypted_document", "attachment.remote_template", "attachment.calendar",
}

const (
	maxAttachments = 64
	maxNames       = 1000
	// maxScanned bounds what of a file is searched, in bytes.
	maxScanned = 4 << 20
)

// readAttachments describes what the message carries.
func (m *message) readAttachments() {
	for _, group := range [...][]*enmime.Part{m.envelope.Attachments, m.envelope.Inlines, m.envelope.OtherParts} {
		for _, part := range group {
			if len(part.Content) == 0 || len(m.event.Attachments) == maxAttachments {
				continue
			}
			m.event.Attachments = append(m.event.Attachments, describe(part.FileName, part.ContentType, part.Content))
		}
	}
}

// file is an attachment being looked at.
type file struct {
	name    string // lower case
	ext     string // of the name, without the dot
	kind    string // what the content is
	content []byte
	traits  map[string]bool
}

func (f *file) trait(name string, seen bool) {
	if seen {
		f.traits["attachment."+name] = true
	}
}

// describe says what a file is by its content, and what is odd about it.
func describe(name, declared string, content []byte) schemas.EmailAttachment {
	f := &file{name: strings.ToLower(strings.ToValidUTF8(name, "\uFFFD")), content: content[:min(len(content), maxScanned)], traits: map[string]bool{}}
	f.ext = strings.TrimPrefix(path.Ext(strings.TrimRight(f.name, ". ")), ".")
	f.kind = contentKind(f.content)
	f.readName()
	f.readContent(content)
	a := schemas.EmailAttachment{
		SHA256: hashOf(content), Extension: short(f.ext), MediaType: short(f.kind), DeclaredType: short(strings.ToLower(strings.ToValidUTF8(declared, "\uFFFD"))), Size: int64(len(content)),
	}
	for _, trait := range AttachmentTraits { // in their order
		if f.traits[trait] {
			a.Traits = append(a.Traits, trait)
		}
	}
	return a
}

var (
	executables = set("exe", "scr", "pif", "com", "cpl", "dll", "msi", "msix", "appx", "jar", "apk", "elf", "gadget", "xll", "sys")
	scripts     = set("bat", "cmd", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "ps1", "psm1", "sct", "reg", "inf", "py", "sh", "chm", "msc", "url", "library-ms", "settingcontent-ms", "search-ms", "slk", "iqy")
	diskImages  = set("iso", "img", "vhd", "vhdx", "udf", "dmg")
	archives    = set("zip", "rar", "7z", "gz", "tar", "tgz", "ace", "cab", "arj", "lzh", "z", "bz2", "xz", "uue", "r00")
	harmless    = set("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "jpg", "jpeg", "png", "gif", "csv", "rtf", "htm", "html", "mp3", "mp4", "wav", "bmp", "tif", "tiff", "zip", "xml", "odt")
)

func (f *file) readName() {
	f.trait("executable", executables[f.ext])
	f.trait("script", scripts[f.ext])
	f.trait("shortcut", f.ext == "lnk")
	f.trait("disk_image", diskImages[f.ext])
	f.trait("archive", archives[f.ext])
	f.trait("reversed_name", strings.ContainsAny(f.name, "\u202e\u202d"))
	f.trait("calendar", f.ext == "ics")
	inner := strings.TrimPrefix(path.Ext(strings.TrimSuffix(f.name, "."+f.ext)), ".")
	f.trait("double_extension", harmless[strings.TrimSpace(inner)] && (executables[f.ext] || scripts[f.ext] || f.ext == "lnk" || diskImages[f.ext] || f.ext == "html" || f.ext == "htm"))
}

// contentKind names what a content is by its first bytes.
func contentKind(content []byte) string {
	for _, magic := range magics {
		if len(content) >= magic.at+len(magic.bytes) && string(content[magic.at:magic.at+len(magic.bytes)]) == magic.bytes {
			return magic.kind
		}
	}
	kind, _, _ := strings.Cut(http.DetectContentType(content[:min(len(content), 512)]), ";")
	return kind
}

// The kinds that have rules of their own.
const (
	kindPE      = "application/vnd.microsoft.portable-executable"
	kindELF     = "application/x-elf"
	kindOLE     = "application/x-ole-storage"
	kindLNK     = "application/x-ms-shortcut"
	kindISO     = "application/x-iso9660-image"
	kindRAR     = "application/vnd.rar"
	kind7z      = "application/x-7z-compressed"
	kindRTF     = "application/rtf"
	kindOneNote = "application/onenote"
	kindZip     = "application/zip"
	kindPDF     = "application/pdf"
)

var magics = []struct {
	at    int
	bytes string
	kind  string
}{
	{0, "MZ", kindPE},
	{0, "\x7fELF", kindELF},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kindOLE},
	{0, "\x4c\x00\x00\x00\x01\x14\x02\x00", kindLNK},
	{0x8001, "CD001", kindISO},
	{0, "Rar!\x1a\x07", kindRAR},
	{0, "7z\xbc\xaf\x27\x1c", kind7z},
	{0, "{\\rt", kindRTF},
	{0, "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", kindOneNote},
	{0, "PK\x03\x04", kindZip},
	{0, "%PDF-", kindPDF},
	{0, "MSCF", "application/vnd.ms-cab-compressed"},
	{0, "\xca\xfe\xba\xbe", "application/x-mach-binary"},
	{0, "vhdxfile", "application/x-vhdx"},
	{0, "conectix", "application/x-vhd"},
}

func (f *file) readContent(whole []byte) {
	switch f.kind {
	case kindPE, kindELF, "application/x-mach-binary":
		f.trait("executable", true)
		f.trait("type_mismatch", f.ext != "" && !executables[f.ext] && harmless[f.ext])
	case kindLNK:
		f.trait("shortcut", true)
	case kindISO, "application/x-vhdx", "application/x-vhd":
		f.trait("disk_image", true)
	case kindOneNote:
		f.trait("onenote", true)
	case kindOLE:
		f.readOLE()
	case kindRTF:
		f.readRTF()
	case kindZip:
		f.readZip(whole)
	case kindRAR, kind7z, "application/vnd.ms-cab-compressed":
		f.readOtherArchive()
	case kindPDF:
		f.readPDF()
	default:
		f.readMarkup()
	}
}

// wide spells a text in UTF-16, as OLE's directory does.
func wide(text string) []byte {
	out := make([]byte, 0, 2*len(text))
	for _, c := range []byte(text) {
		out = append(out, c, 0)
	}
	return out
}

func (f *file) holds(words ...string) bool {
	for _, word := range words {
		if bytes.Contains(f.content, []byte(word)) {
			return true
		}
	}
	return false
}

func (f *file) readOLE() {
	macro := bytes.Contains(f.content, wide("_VBA_PROJECT")) || bytes.Contains(f.content, wide("VBA")) && bytes.Contains(f.content, wide("dir"))
	f.trait("macro", macro)
	f.trait("auto_macro", macro && f.holds("AutoOpen", "Auto_Open", "Document_Open", "Workbook_Open", "AutoExec", "AutoClose", "Document_Close"))
	f.trait("encrypted_document", bytes.Contains(f.content, wide("EncryptedPackage")))
	f.trait("embedded_object", bytes.Contains(f.content, wide("Ole10Native")) || bytes.Contains(f.content, wide("Equation Native")))
	f.trait("executable", f.ext == "msi" || bytes.Contains(f.content, wide("SummaryInformation")) && f.holds("Windows Installer"))
}

func (f *file) readRTF() {
	low := bytes.ToLower(f.content)
	f.trait("embedded_object", bytes.Contains(low, []byte("\\objdata")) || bytes.Contains(low, []byte("\\objupdate")) || bytes.Contains(low, []byte("equation.3")))
	f.trait("remote_template", bytes.Contains(low, []byte("\\*\\template http")))
}

// readZip reads the names in an archive, which office documents are too.
func (f *file) readZip(whole []byte) {
	archive, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		f.trait("archive", true)
		f.trait("archive_executable", f.holds(".exe", ".scr", ".EXE", ".SCR"))
		return
	}
	office := false
	for i, entry := range archive.File {
		if i == maxNames {
			break
		}
		name := strings.ToLower(strings.ToValidUTF8(entry.Name, "\uFFFD"))
		ext := strings.TrimPrefix(path.Ext(name), ".")
		office = office || name == "[content_types].xml"
		f.trait("encrypted", entry.Flags&1 != 0)
		f.trait("macro", strings.HasSuffix(name, "vbaproject.bin"))
		f.trait("embedded_object", strings.Contains(name, "/embeddings/oleobject"))
		f.trait("archive_executable", executables[ext] && f.ext != "jar" && f.ext != "apk")
		f.trait("archive_script", scripts[ext] || ext == "lnk")
		f.trait("nested_archive", archives[ext] || diskImages[ext])
		f.trait("html", ext == "html" || ext == "htm")
	}
	f.trait("archive", !office)
	f.trait("type_mismatch", !office && harmless[f.ext] && f.ext != "zip" && f.ext != "odt" && !strings.HasSuffix(f.ext, "x"))
}

// readOtherArchive goes by what can be seen without unpacking.
func (f *file) readOtherArchive() {
	f.trait("archive", true)
	if f.kind == kind7z { // 06F10701 is the method of AES
		f.trait("encrypted", f.holds("\x06\xf1\x07\x01"))
		return
	}
	f.trait("archive_executable", f.holds(".exe", ".EXE", ".scr", ".SCR", ".com\x00", ".pif"))
	f.trait("archive_script", f.holds(".vbs", ".js\x00", ".lnk", ".bat", ".hta", ".wsf"))
	// RAR 5: the type of the first header after the mark is 4 where headers are encrypted; RAR 4: a flag.
	if c := f.content; len(c) > 24 && c[6] == 1 {
		f.trait("encrypted", c[12] == 4 || c[13] == 4)
	} else if len(c) > 24 && c[6] == 0 {
		f.trait("encrypted", c[10]&0x80 != 0 || c[23]&0x04 != 0)
	}
}

func (f *file) readPDF() {
	f.trait("pdf_active", f.holds("/JavaScript", "/JS ", "/JS(", "/Launch", "/EmbeddedFile", "/RichMedia"))
	f.trait("pdf_link", f.holds("/URI"))
	f.trait("encrypted_document", f.holds("/Encrypt"))
}

// readMarkup looks into what a browser would show.
func (f *file) readMarkup() {
	text := string(f.content[:min(len(f.content), 1<<20)])
	low := strings.ToLower(text)
	isHTML := f.ext == "html" || f.ext == "htm" || f.ext == "shtml" || f.ext == "xhtml" || f.kind == "text/html"
	f.trait("html", isHTML && f.name != "")
	f.trait("svg_script", (f.ext == "svg" || strings.Contains(low, "<svg")) && strings.Contains(low, "<script"))
	if !isHTML {
		return
	}
	p := readPage(text)
	script := p.scriptText.String()
	f.trait("html_smuggling", smuggled(script) || len(script) > 20_000 && strings.Contains(script, "atob"))
	f.trait("html_form", p.passwords > 0 || p.forms > 0 && strings.Contains(low, "password"))
}
