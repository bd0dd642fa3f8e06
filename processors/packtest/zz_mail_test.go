package packtest
import ("testing";"os";"path/filepath";"fmt";"sort";"hash/crc32"
"github.com/ttpstream/ttpstream/processors/ingest/email";"github.com/ttpstream/ttpstream/processors/facts";"github.com/ttpstream/ttpstream/rules";"github.com/ttpstream/ttpstream/rules/match")
func TestZZMail(t *testing.T){
 set,_:=rules.NewSet(load(t),nil,0); var sc rules.Scratch
 for _,d:=range []string{"ham","spam"}{
  fs,_:=filepath.Glob(os.Getenv("MAILS")+"/"+d+"/*.eml"); n:=[2]int{};hit:=[2]int{};hit3:=[2]int{}; byrule:=map[string]int{}; var miss []string
  for _,f:=range fs{ raw,_:=os.ReadFile(f); part:=0; if crc32.ChecksumIEEE([]byte(filepath.Base(f)))%3==0{part=1}
   e,err:=email.Reduce(raw,email.Options{}); if err!=nil{t.Log(f,err);continue}
   var ev match.Event; facts.LiftEmail(e,&ev); n[part]++; h,h3:=false,false; seen:=map[string]bool{}
   for _,x:=range set.Judge(&ev,&sc){ if x.Suppressed!=""{continue}; if x.Confidence>=0.6{h=true; seen[x.Rule.ID+" "+x.Rule.Name]=true}; h3=true}
   for r:=range seen{byrule[r]++}
   if h{hit[part]++}; if h3{hit3[part]++}
   if part==0 && h==(d=="ham"){ miss=append(miss,fmt.Sprintf("%s %v %v",filepath.Base(f),e.Traits,seen))}
  }
  fmt.Println(d,"n",n,">=.6",hit,">=.3",hit3)
  var rs []string; for r:=range byrule{rs=append(rs,r)}; sort.Slice(rs,func(i,j int)bool{return byrule[rs[i]]>byrule[rs[j]]}); for _,r:=range rs{fmt.Println("   ",r,byrule[r])}
  if os.Getenv("SHOW")==d{for _,m:=range miss{fmt.Println(m)}}
 }}
