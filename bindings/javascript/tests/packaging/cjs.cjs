const vm = require("value-model");

vm.init().then(async () => {
  if (vm.nps({ promoters: 55, passives: 30, detractors: 15 }).nps !== 40) throw new Error("not 40");
  // The same module, not a second copy of it.
  if ((await import("value-model")).Scorer !== vm.Scorer) throw new Error("two copies");
});
