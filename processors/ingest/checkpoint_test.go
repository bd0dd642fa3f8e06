package ingest

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckpointFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, state := filepath.Join(dir, "cowrie.json"), filepath.Join(dir, "cowrie.checkpoint")
	if c, err := loadCheckpoint(state, path); c != nil || err != nil {
		t.Errorf("without a file: %v, %v", c, err)
	}
	c := &checkpoint{Path: path, HeadSize: 5, HeadSHA256: headSum([]byte("hello")), Offset: 7, Line: 1}
	for range 2 {
		if err := c.save(state); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := loadCheckpoint(state, path); err != nil || *got != *c {
		t.Errorf("loaded %+v, %v", got, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files are left behind, %v", len(entries), err)
	}
	if _, err := loadCheckpoint(state, path+"x"); err == nil || !strings.Contains(err.Error(), "each followed file needs its own") {
		t.Errorf("another log's checkpoint: %v", err)
	}
	if err := os.WriteFile(state, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := loadCheckpoint(state, path); err == nil || !strings.Contains(err.Error(), "removing it") {
		t.Errorf("a broken checkpoint: %v", err)
	}
	if err := c.save(filepath.Join(dir, "none", "x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
	var form map[string]any
	raw, err := json.Marshal(c)
	if err != nil || json.Unmarshal(raw, &form) != nil || form["head_sha256"] == nil {
		t.Errorf("form %s", raw)
	}
}
