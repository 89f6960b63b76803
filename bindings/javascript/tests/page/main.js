import { init, nps } from "@value-model/web";

await init();
document.title = `nps ${nps({ promoters: 55, passives: 30, detractors: 15 }).nps}`;
