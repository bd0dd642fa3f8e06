package topology_test

import "strings"

func containsText(err error, text string) bool {
	return err != nil && strings.Contains(err.Error(), text)
}
