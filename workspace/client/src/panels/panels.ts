// What the templates of the panels can call, as `$panels`. Values in, values out.

import { colourTable, legend, meaningOf, rgbOf, swatch } from "./colouring";
import { editor, isFree, lockKey, mayChange, threadsOn } from "./holding";
import { allHidden, allShown, faded, hidden, isAlone, isSeen, only, solo, toggled } from "./seen";
import { groupsOf, markOf, measuresByForm, ownerName, treeOf } from "./tree";
import { ago, exact } from "./when";

export const PANELS = {
  ago,
  allHidden,
  allShown,
  colourTable,
  editor,
  exact,
  faded,
  groupsOf,
  hidden,
  isAlone,
  isFree,
  isSeen,
  legend,
  lockKey,
  markOf,
  mayChange,
  meaningOf,
  measuresByForm,
  only,
  ownerName,
  rgbOf,
  solo,
  swatch,
  threadsOn,
  toggled,
  treeOf,
};
