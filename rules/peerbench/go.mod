module github.com/ttpstream/ttpstream/rules/peerbench

go 1.26.5

require (
	github.com/bradleyjkemp/sigma-go v0.6.5
	github.com/ttpstream/ttpstream v0.0.0
)

require (
	github.com/PaesslerAG/gval v1.0.0 // indirect
	github.com/PaesslerAG/jsonpath v0.1.1 // indirect
	github.com/alecthomas/participle v0.7.1 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace github.com/ttpstream/ttpstream => ../..
