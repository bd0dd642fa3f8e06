package navigator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/ttpstream/ttpstream/projections/printable"
)

// Write writes the layer as a file that the Navigator opens: indented JSON in
// ASCII where a terminal would act on a character, with a final newline.
// Errors: those of w.
func Write(w io.Writer, layer *Layer) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(layer); err != nil {
		return fmt.Errorf("navigator layer: %w", err)
	}
	_, err := w.Write(printable.JSON(buffer.Bytes()))
	return err
}
