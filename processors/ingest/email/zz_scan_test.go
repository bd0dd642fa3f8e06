package email

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"
)

func TestZZScan(t *testing.T) {
	base := os.Getenv("MAILDIR_SAMPLES")
	counts := map[string][2]int{}
	n := [2]int{}
	for k, d := range []string{"ham", "spam"} {
		fs, _ := filepath.Glob(filepath.Join(base, d, "*.eml"))
		for _, f := range fs {
			raw, _ := os.ReadFile(f)
			e, err := Reduce(raw, Options{})
			if err != nil {
				fmt.Println(f, err)
				continue
			}
			n[k]++
			all := append([]string{}, e.Traits...)
			for _, a := range e.Attachments {
				all = append(all, a.Traits...)
			}
			for _, tr := range all {
				c := counts[tr]
				c[k]++
				counts[tr] = c
			}
		}
	}
	var names []string
	for k := range counts {
		names = append(names, k)
	}
	sort.Slice(names, func(i, j int) bool { return counts[names[i]][1] > counts[names[j]][1] })
	fmt.Println(n)
	for _, k := range names {
		fmt.Printf("%-32s ham %3d spam %3d\n", k, counts[k][0], counts[k][1])
	}
}
