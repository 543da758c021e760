/**
 * Fuzz targets of routers' files. They lie in the package of what they read, though in another
 * module, since most of it is seen from here only.
 */
package dev.askonce.optimizer.route;
