package topology

import "github.com/IBM/sarama"

// SaramaConfig is for tests that build clients which differ in one thing.
func SaramaConfig(c Cluster) *sarama.Config { return saramaConfig(c.WithDefaults()) }
