/** Stands in for parts of jsPDF that turn HTML pages into PDF, which the app never asks for. */
export default undefined;
