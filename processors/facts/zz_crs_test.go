package facts
import ("testing";"os";"fmt";"encoding/json";"bufio";"sort";"strings"
"github.com/ttpstream/ttpstream/schemas";"github.com/ttpstream/ttpstream/rules/match")
type crs struct{ Family string; Rule_id int; Test_id int; Method, Uri string; Headers map[string]any; Data *string; Expect_ids []int; Encoded_request *string }
func TestZZCRS(t *testing.T){
 f,_:=os.Open(os.Getenv("CRS")); sc:=bufio.NewScanner(f); sc.Buffer(nil,1<<22)
 strong:=strings.Fields("traversal local_file sensitive_path null_byte remote_file ssrf metadata_service sqli nosqli xss command windows_command shellshock php_code php_object node_code template java_code java_object jndi ognl perl_code ruby_code xxe header_injection smuggling session_fixation ldap_injection script_upload web_shell scanner_agent known_exploit xpath_injection python_code ssi mail_injection")
 S:=map[string]bool{}; for _,s:=range strong{S[s]=true}
 type st struct{n,hit int}; stats:=map[string]*st{}
 show:=os.Getenv("SHOW"); held:=os.Getenv("HELD")
 for sc.Scan(){ var c crs; json.Unmarshal(sc.Bytes(),&c)
  h:=0; for _,x:=range c.Family{h+=int(x)}; h+=c.Rule_id*7+c.Test_id*13
  part:="dev"; if h%3==0{part="held"}
  ev:=&schemas.HTTPEvent{Method:c.Method}
  ev.Path,ev.Query,_=strings.Cut(c.Uri,"?")
  var names []string; for k:=range c.Headers{names=append(names,k)}; sort.Strings(names)
  for _,k:=range names{v:=fmt.Sprint(c.Headers[k]); ev.Headers=append(ev.Headers,schemas.HTTPHeader{Name:k,Value:v}); switch strings.ToLower(k){case "user-agent":ev.UserAgent=v;case "referer":ev.Referer=v;case "host":ev.Host=v}}
  if c.Data!=nil{ev.Body=*c.Data}
  var out match.Event; LiftHTTP(ev,&out)
  vals,_:=out.Base.Lookup("http.traits"); hit:=false; var tr []string
  for _,v:=range vals{tr=append(tr,v.String()); hit=hit||S[v.String()]}
  sign:="-"; if len(c.Expect_ids)>0{sign="+"}
  for _,k:=range []string{part+" "+sign+" ALL",part+" "+sign+" "+c.Family}{ if stats[k]==nil{stats[k]=&st{}}; stats[k].n++; if hit{stats[k].hit++}}
  if (part=="dev"||held!="") && show!="" && strings.Contains(c.Family,show[1:]) && show[:1]==sign && hit==(sign=="-"){ fmt.Printf("%s %d-%d %s %.200s | %.160q | %v\n",sign,c.Rule_id,c.Test_id,c.Method,c.Uri,ev.Body,tr); if sign=="+"{ fmt.Printf("      %.300v\n",c.Headers)} }
 }
 var ks []string; for k:=range stats{ks=append(ks,k)}; sort.Strings(ks)
 for _,k:=range ks{fmt.Printf("%-60s %4d/%4d %.0f%%\n",k,stats[k].hit,stats[k].n,100*float64(stats[k].hit)/float64(stats[k].n))}
}
