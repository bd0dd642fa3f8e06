package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
)

// Source is the log source of the events.
const (
	sourceProduct  = "linux"
	sourceCategory = "process_creation"
)

func readCommands(name string) ([]string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var commands []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" {
			commands = append(commands, line)
		}
	}
	return commands, nil
}

// event is a process creation as a sensor on Linux writes it.
type event struct {
	Number            int    `json:"EventRecordID"`
	UtcTime           string `json:"UtcTime"`
	ProcessGUID       string `json:"ProcessGuid"`
	ProcessID         int    `json:"ProcessId"`
	Image             string `json:"Image"`
	CommandLine       string `json:"CommandLine"`
	CurrentDirectory  string `json:"CurrentDirectory"`
	User              string `json:"User"`
	LogonID           int    `json:"LogonId"`
	TerminalSessionID int    `json:"TerminalSessionId"`
	ParentProcessID   int    `json:"ParentProcessId"`
	ParentImage       string `json:"ParentImage"`
	ParentCommandLine string `json:"ParentCommandLine"`
	ParentUser        string `json:"ParentUser"`
}

// writeEvents writes n events, one a line, and returns those of the first
// round through the commands.
func writeEvents(name string, commands []string, n int) (lines [][]byte, err error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	for i := range n {
		command := commands[i%len(commands)]
		line, err := json.Marshal(event{
			Number: i, UtcTime: "2026-01-02 03:04:05.678", ProcessGUID: fmt.Sprintf("0197231e-8bff-6926-1308-%012d", i), ProcessID: 1000 + i%30000,
			Image: "/usr/bin/" + path.Base(strings.Fields(command)[0]), CommandLine: command, CurrentDirectory: "/root/", User: "root",
			TerminalSessionID: 3, ParentProcessID: 900, ParentImage: "/usr/bin/bash", ParentCommandLine: "-bash", ParentUser: "root",
		})
		if err != nil {
			return nil, err
		}
		if i < len(commands) {
			lines = append(lines, line)
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	if err := out.Flush(); err != nil {
		return nil, err
	}
	return lines, file.Close()
}
