// Makes consent_strings.json: strings that the IAB's own libraries write, and what these libraries
// read in them. Run where `npm install @iabtcf/core@1.5.6 @iabgpp/cmpapi@3.2.0` was run:
//   node consent_strings.mjs > consent_strings.json
import { createRequire } from "node:module";
import process from "node:process";

const require = createRequire(`${process.cwd()}/`);
const { GVL, Segment, TCModel, TCString } = require("@iabtcf/core");
const { GppModel, Sections } = require("@iabgpp/cmpapi");

// The same numbers in every run (mulberry32).
let state = 20261126;
function pick(count) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
}
const vendors = [755, 1126];
const names = ["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut", "PersonalDataConsents",
  "AdditionalDataProcessingConsent", "KnownChildSensitiveDataConsents", "Gpc"];

const gvl = new GVL({
  gvlSpecificationVersion: 3, vendorListVersion: 120, tcfPolicyVersion: 5,
  lastUpdated: "2026-01-01T00:00:00Z", purposes: Object.fromEntries([...Array(11).keys()].map((place) => [place + 1, {}])), specialPurposes: {}, features: {},
  specialFeatures: {}, stacks: {}, dataCategories: {},
  vendors: Object.fromEntries([...Array(1200).keys()].slice(1).map((id) => [id, {
    id, name: `${id}`, purposes: [1, 2, 3, 4, 7, 8, 9, 10], legIntPurposes: [], flexiblePurposes: [],
    specialPurposes: [], features: [], specialFeatures: [],
  }])),
});

function tcString(index) {
  const model = new TCModel(gvl);
  model.cmpId = 10 + pick(400);
  model.cmpVersion = 1 + pick(60);
  model.consentLanguage = ["EN", "ES", "PT", "DE"][pick(4)];
  model.publisherCountryCode = "ES";
  model.isServiceSpecific = true;
  for (let purpose = 1; purpose <= 11; purpose++) {
    if (pick(4)) model.purposeConsents.set(purpose);
    if (purpose > 6 && pick(2)) model.purposeLegitimateInterests.set(purpose);
  }
  // Few vendors are written as ranges, many as a bit each.
  const share = [2, 40, 400][index % 3];
  for (let id = 1; id < 1200; id++) {
    if (pick(share) === 0) model.vendorConsents.set(id);
    if (pick(share * 2) === 0) model.vendorLegitimateInterests.set(id);
    if (pick(share) === 0 || (share === 400 && id > 700)) model.vendorsDisclosed.set(id);
  }
  for (const vendor of vendors) if (pick(3)) model.vendorConsents.set(vendor);
  const isNew = index % 4 !== 0;
  const at = new Date(isNew ? "2026-04-02T00:00:00Z" : "2025-04-02T00:00:00Z");
  model.created = at;
  model.lastUpdated = at;
  const segments = isNew ? [Segment.CORE, Segment.VENDORS_DISCLOSED] : [Segment.CORE];
  if (index % 5 === 0) segments.push(Segment.PUBLISHER_TC);
  return TCString.encode(model, { segments });
}

// The other library writes the vendors disclosed as they are given.
function tcSection(index) {
  const model = new GppModel();
  const ids = (share) => [...Array(1200).keys()].slice(1).filter(
    (id) => pick(share) === 0 || (vendors.includes(id) && pick(2)));
  const bits = (share) => [...Array(24).keys()].map((place) => place < 11 && pick(share) > 0);
  const set = (field, value) => model.setFieldValue("tcfeuv2", field, value);
  for (const field of ["CmpId", "CmpVersion", "VendorListVersion"]) set(field, 31);
  set("PurposeConsents", bits(4));
  set("PurposeLegitimateInterests", bits(2));
  set("VendorConsents", ids([2, 300][index % 2]));
  set("VendorLegitimateInterests", ids(300));
  set("VendorsDisclosed", ids([300, 2, 40][index % 3]));
  set("Created", new Date("2026-05-01T00:00:00Z"));
  set("LastUpdated", new Date("2026-05-01T00:00:00Z"));
  return model.encodeSection("tcfeuv2");
}

function tcRead(text) {
  const model = TCString.decode(text);
  const hasDisclosed = text.split(".").length > 1 && [...model.vendorsDisclosed].some(([, is]) => is);
  const all = [...Array(24).keys()].map((place) => place + 1);
  return {
    purposes: all.filter((purpose) => model.purposeConsents.has(purpose)),
    interests: all.filter((purpose) => model.purposeLegitimateInterests.has(purpose)),
    vendors: vendors.filter((vendor) => model.vendorConsents.has(vendor)),
    disclosed: hasDisclosed ? vendors.filter((vendor) => model.vendorsDisclosed.has(vendor)) : null,
  };
}

function gppString(sections) {
  const model = new GppModel();
  for (const section of sections) {
    if (section === "uspv1") {
      model.setFieldValue(section, "Notice", "Y");
      model.setFieldValue(section, "OptOutSale", pick(2) ? "Y" : "N");
      model.setFieldValue(section, "LspaCovered", "N");
    } else if (section === "tcfcav1") {
      const bits = () => [...Array(24).keys()].map((place) => place < 11 && pick(2) === 1);
      model.setFieldValue(section, "PurposesExpressConsent", bits());
      model.setFieldValue(section, "PurposesImpliedConsent", bits());
    } else {
      model.setFieldValue(section, "SaleOptOut", pick(3));
      const fields = model.getSection(section);
      for (const name of names) {
        if (!(name in fields)) continue;
        if (name === "Gpc") model.setFieldValue(section, name, pick(2) === 1);
        else if (Array.isArray(fields[name])) {
          model.setFieldValue(section, name, fields[name].map(() => (pick(3) ? 0 : pick(3))));
        } else model.setFieldValue(section, name, pick(3));
      }
      if (!("Gpc" in fields)) continue;
      if (pick(3) === 0) model.setFieldValue(section, "GpcSegmentIncluded", false);
    }
  }
  return model.encode();
}

function gppRead(text) {
  const model = new GppModel(text);
  const read = {};
  for (const id of model.getSectionIds()) {
    const name = Sections.SECTION_ID_NAME_MAP.get(id);
    const fields = model.getSection(name);
    const told = {};
    for (const field of [...names, "OptOutSale", "PurposesExpressConsent", "PurposesImpliedConsent"]) {
      if (!(field in fields)) continue;
      if (field === "Gpc" && fields.GpcSegmentIncluded === false) continue;
      told[field] = fields[field];
    }
    read[name] = told;
  }
  return read;
}

const states = [...Sections.SECTION_ORDER].filter((name) => name.startsWith("us"));
const tcf = [...Array(20).keys()].map((index) => tcString(index));
for (let index = 0; index < 20; index++) tcf.push(tcSection(index));
const gpp = [];
for (const section of [...states, "tcfcav1"]) {
  for (let round = 0; round < 4; round++) gpp.push(gppString([section]));
}
for (let round = 0; round < 12; round++) {
  gpp.push(gppString(states.filter(() => pick(5) === 0).concat("usnat")));
}
process.stdout.write(`${JSON.stringify({
  tcf: tcf.map((text) => ({ text, ...tcRead(text) })),
  gpp: gpp.map((text) => ({ text, sections: gppRead(text) })),
}, null, 1)}\n`);
