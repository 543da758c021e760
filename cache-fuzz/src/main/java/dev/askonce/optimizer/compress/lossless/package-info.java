/**
 * Fuzz targets of what is promised to lose nothing. They lie in the package of what they test,
 * though in another module, since most of it is seen from here only.
 */
package dev.askonce.optimizer.compress.lossless;
