package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Program is ttpstream as a value, so that a test runs the real one.
type Program struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// console is where a command reads and writes. Commands take it as their
// argument and touch nothing of package os.
type console struct {
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
}

// commands is the command line: one field per subcommand, one file each.
type commands struct {
	Scan    scanCommand    `cmd:"" help:"Read sensor logs to the end and print the ATT&CK picture. Needs nothing else installed."`
	Up      upCommand      `cmd:"" help:"Run everything in one process on a data directory: broker, registrar, taggers, gate."`
	Ingest  ingestCommand  `cmd:"" help:"Publish sensor logs as facts to Kafka."`
	Process processCommand `cmd:"" help:"Run the registrar, the taggers and the gate against Kafka."`
	Project projectCommand `cmd:"" help:"Write tags and rollups from Kafka into a database."`
	Serve   serveCommand   `cmd:"" help:"Serve the HTTP API from a database."`
	Tail    tailCommand    `cmd:"" help:"Print tags as they are made."`
	Topics  topicsCommand  `cmd:"" help:"Create, verify and list the topics."`
	Eval    evalCommand    `cmd:"" help:"Run JSON events through any rules, native or Sigma: no broker, matches as JSON lines."`
	Rules   rulesCommand   `cmd:"" help:"Lint, test, publish and list rules."`
	Quality qualityCommand `cmd:"" help:"Measure rules on labelled cases: what they find, and what they say about harmless things."`
	Version versionCommand `cmd:"" help:"Print the version."`

	Config   kong.ConfigFlag `help:"Read settings from this YAML file. Flags and environment win." placeholder:"FILE"`
	LogLevel string          `help:"Least level to log to standard error: debug, info, warn, error." enum:"debug,info,warn,error" default:"warn"`
}

// Run parses args, runs the command and returns the exit code.
func (p *Program) Run(ctx context.Context, args []string) int {
	var cli commands
	parser, err := kong.New(&cli,
		kong.Name("ttpstream"),
		kong.Description("Turns attacker telemetry into MITRE ATT&CK tags."),
		kong.Writers(p.Stdout, p.Stderr),
		kong.Configuration(yamlConfig),
		kong.DefaultEnvars("TTPSTREAM"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.UsageOnError(),
		kong.Exit(func(code int) { panic(exit(code)) }),
	)
	if err != nil {
		fmt.Fprintln(p.Stderr, "ttpstream: bug in the command line:", err)
		return exitFailed
	}
	return p.parse(ctx, parser, &cli, args)
}

// exit is how kong ends --help: by a panic that parse catches.
type exit int

func (p *Program) parse(ctx context.Context, parser *kong.Kong, cli *commands, args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			ended, ok := r.(exit)
			if !ok {
				panic(r)
			}
			code = int(ended)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(p.Stderr, "ttpstream: %v\nTry: ttpstream %s--help\n", err, commandOf(err))
		return exitUsage
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(cli.LogLevel)); err != nil {
		panic(err) // the parser has checked it
	}
	logger := slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: level}))
	term := &console{in: p.Stdin, out: p.Stdout, err: p.Stderr, log: logger}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return p.exitCode(ctx, parsed.Run(term))
}

// commandOf returns the command that the line got as far as naming, with a
// space behind it.
func commandOf(err error) string {
	var parse *kong.ParseError
	if !errors.As(err, &parse) || parse.Context == nil {
		return ""
	}
	var names strings.Builder
	for word := range strings.FieldsSeq(parse.Context.Command()) {
		if !strings.HasPrefix(word, "<") { // an argument's placeholder
			names.WriteString(word + " ")
		}
	}
	return names.String()
}

// usageError is wrong usage that only the command itself could see.
type usageError struct{ error }

// silentError fails without a further word: the command has said it all.
var errSaid = errors.New("said already")

func (p *Program) exitCode(ctx context.Context, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errSaid):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintln(p.Stderr, "ttpstream:", err)
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(p.Stderr, "ttpstream: stopped")
		return exitFailed
	}
	fmt.Fprintln(p.Stderr, "ttpstream:", err)
	return exitFailed
}
