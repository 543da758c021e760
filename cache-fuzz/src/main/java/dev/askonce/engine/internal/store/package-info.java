/**
 * Fuzz targets of the files of a store. They lie in the package of what they read, though in
 * another module, since most of it is seen from here only.
 */
package dev.askonce.engine.internal.store;
