/** One person as a model: every part on one bone. */
import { type Model, modeller } from "../model.ts";
import { body } from "./body.ts";
import { hair } from "./hair.ts";
import { head } from "./head.ts";
import { look } from "./looks.ts";
import { attachTo } from "./part.ts";
import { props } from "./props.ts";

export function person(index: number): Model {
  const m = modeller();
  const [attach, seen] = [attachTo(m), look(index)];
  body(attach, seen);
  head(attach, seen);
  hair(attach, seen);
  props(attach, seen);
  return m.model;
}
