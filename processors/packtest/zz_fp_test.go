package packtest
import ("testing";"os";"fmt";"bufio"
"github.com/ttpstream/ttpstream/processors/ingest";"github.com/ttpstream/ttpstream/schemas";"github.com/ttpstream/ttpstream/processors/facts";"github.com/ttpstream/ttpstream/rules";"github.com/ttpstream/ttpstream/rules/match")
func TestZZFP(t *testing.T){ f,err:=os.Open(os.Getenv("FPS")); if err!=nil{t.Skip()}
 set,_:=rules.NewSet(load(t),nil,0); var sc2 rules.Scratch
 sc:=bufio.NewScanner(f); sc.Buffer(nil,1<<22); n:=0; rulesHit:=map[string]int{}; tr:=map[string]int{}
 for sc.Scan(){ fp,err:=ingest.Fingerprint(sc.Bytes()); if err!=nil{t.Fatal(err)}; n++
  ev:=&schemas.CanaryEvent{TokenType:"web",Fingerprint:fp}; ev.SourceKind=schemas.KindCanaryFingerprint
  var out match.Event; facts.LiftCanary(ev,&out); v,_:=out.Base.Lookup("browser.traits"); for _,x:=range v{tr[x.String()]++; if x.String()!="software_renderer" {fmt.Println(x.String(),fp.UserAgent,"|",fp.Platform,"|",fp.WebGLRenderer,*fp.TouchPoints,fp.ScreenWidth,fp.ScreenHeight)}}
  for _,x:=range set.Judge(&out,&sc2){ if x.Suppressed==""{rulesHit[fmt.Sprint(x.Rule.ID," ",x.Emit.ID()," ",x.Confidence)]++}}
 }
 fmt.Println(n,tr,rulesHit)
}
