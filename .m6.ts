import {mapRow, FINE, mapOf} from "/work/wt/six/docs/components/together/map.ts";
import {runs, systems, briefs, type Knobs} from "/work/wt/six/docs/components/together/systems.ts";
import {outcomeOf} from "/work/wt/six/docs/components/together/outcome.ts";
const base: Knobs = {maxmem:1024,target:500,cap:500,reservation:0,load:300,driver:true,swap:false,guestSwap:false,short:false};
const variants: [string, Partial<Knobs>][] = [["default",{}],["cap1500",{cap:1500}],["nodriver",{driver:false}],["gswap",{guestSwap:true}],["short",{short:true}],["swap+2048",{swap:true,maxmem:2048,cap:1000}]];
for (const s of systems) for (const [n,v] of variants) {
  const t: number[]=[]; for (let i=0;i<3;i++){const a=performance.now(); mapOf(s,{...base,...v},FINE); t.push(performance.now()-a);} t.sort((a,b)=>a-b);
  console.log(s,n,t.map(x=>x.toFixed(0)).join(" "));
}
let r=12345; const rnd=(n:number)=>{r=(r*1103515245+12345)%2147483648; return Math.floor(r/2147483648*n);};
for (const s of ["Xen","ESX"] as const){ let bad=0; const seen: Record<string,number>={}; const N=Number(process.argv[2]??1000);
for(let i=0;i<N;i++){const k: Knobs={maxmem:512+16*rnd(97),target:128+4*rnd(253),cap:128+4*rnd(481),reservation:rnd(2)?4*rnd(257):0,load:4*rnd(253),driver:rnd(3)>0,swap:rnd(2)>0,guestSwap:rnd(2)>0,short:rnd(2)>0};
 let a:string,b:string; try{a=briefs[s](k)}catch(e){a=String(e)} try{b=outcomeOf(runs[s](k))}catch(e){b=String(e)} seen[b]=(seen[b]??0)+1; if(a!==b){bad++; if(bad<5)console.log(s,JSON.stringify(k),a,b);}}
console.log(s,"bad",bad,seen);}
