package dev.askonce.optimizer.compress.lossless;

import java.util.regex.Pattern;

/** HTML as text: drops what is for the browser and not for a reader. */
final class HtmlText {
  private static final Pattern IS_HTML =
      Pattern.compile(
          "\\s*(<!doctype html|<html|<body|<div|<table|<article|<section)\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Where white space counts, nothing is touched. */
  private static final Pattern VERBATIM =
      Pattern.compile("<(pre|textarea|code)\\b", Pattern.CASE_INSENSITIVE);

  private static final Pattern UNSEEN =
      Pattern.compile(
          "<!--.*?-->|<(script|style|noscript|svg)\\b.*?</\\1\\s*>",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "(<[a-z][^<>]*?)\\s(?:class|style|id|role|tabindex|target|rel|on\\w+|(?:data|aria)-[\\w-]+)"
              + "=(?:\"[^\"]*\"|'[^']*')",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private HtmlText() {}

  static boolean isHtml(String text) {
    return IS_HTML.matcher(text).matches();
  }

  static String minified(String html) {
    if (VERBATIM.matcher(html).find()) {
      return html;
    }
    String out = UNSEEN.matcher(html).replaceAll("");
    for (String before = ""; !before.equals(out); ) {
      before = out;
      out = ATTRIBUTE.matcher(out).replaceAll("$1");
    }
    return SPACE.matcher(out).replaceAll(" ").strip();
  }
}
