package attack

//go:generate sh gen/fetch.sh ../../build/attack
//go:generate go run ./gen -wheels ../../build/attack -facts gen -out data
