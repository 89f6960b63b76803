import * as vm from "value-model";

await vm.init();
if (vm.nps({ promoters: 55, passives: 30, detractors: 15 }).nps !== 40) throw new Error("not 40");
