package projections

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/ttpstream/ttpstream/projections/printable"
)

// WriteJSON writes the report as indented JSON with a final newline. The same
// report gives the same bytes. Characters that a terminal would act on are
// escaped, so that printing it is safe and decoding it gives back what the
// attacker wrote. Errors: those of w.
func WriteJSON(w io.Writer, r *Report) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("report as JSON: %w", err)
	}
	_, err := w.Write(printable.JSON(buffer.Bytes()))
	return err
}
