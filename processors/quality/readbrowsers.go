package quality

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/ttpstream/ttpstream/schemas"
)

// browser is what a page's script reads of a browser.
type browser struct {
	UserAgent string `json:"userAgent"`
	Webdriver any    `json:"webdriver"` // a truth value, or its name
	Platform  string `json:"platform"`
	Touch     *int   `json:"maxTouchPoints"`
	Screen    struct {
		Width  int `json:"width"`
		Height int `json:"height"`
	} `json:"screen"`
	VideoCard struct {
		Vendor   string `json:"vendor"`
		Renderer string `json:"renderer"`
	} `json:"videoCard"`
}

// AutomationTechniques are those that say that a program drives a browser.
var AutomationTechniques = []string{"T1059", "T1588"}

// ReadBrowsers reads fingerprints of browsers that people use, one JSON record
// a line: harmless cases. Errors name the line.
func ReadBrowsers(r io.Reader) ([]Case, error) {
	var cases []Case
	err := lines(r, func(n int, line string) error {
		var b browser
		if err := json.Unmarshal([]byte(line), &b); err != nil {
			return err
		}
		fingerprint := map[string]any{
			"user_agent": b.UserAgent, "platform": b.Platform,
			"webgl_vendor": b.VideoCard.Vendor, "webgl_renderer": b.VideoCard.Renderer,
			"screen_width": b.Screen.Width, "screen_height": b.Screen.Height,
			"webdriver": fmt.Sprint(b.Webdriver) == "true",
		}
		if b.Touch != nil {
			fingerprint["touch_points"] = *b.Touch
		}
		given := map[string]any{"token_type": "web", "user_agent": b.UserAgent, "fingerprint": fingerprint}
		cases = append(cases, Case{
			ID: strconv.Itoa(n) + " " + b.UserAgent, Title: b.UserAgent,
			Events: []Event{{Kind: schemas.KindCanaryFingerprint, Given: given}},
		})
		return nil
	})
	return cases, err
}
