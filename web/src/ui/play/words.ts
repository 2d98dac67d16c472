/** The sentences for recordings that are files. */
export const playWords = {
  title: "Look back at a recording",
  lead: "Drop a .tendesks file here. It is read in this page and sent nowhere.",
  choose: "Choose a file",
  reading: "Reading",
  damaged: "This is no recording of Ten Desks, or too little of it is left",
};
