<?php
/**
 * A page of Doorstep in a theme of blocks. Head and foot of the theme are made before the document begins, so
 * that the styles of their blocks get into its head.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

ob_start();
block_header_area();
$doorstep_head = ob_get_clean();
ob_start();
block_footer_area();
$doorstep_foot = ob_get_clean();
?>
<!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head>
<meta charset="<?php bloginfo( 'charset' ); ?>">
<?php if ( ! has_action( 'wp_head', '_block_template_viewport_meta_tag' ) ) : ?>
<meta name="viewport" content="width=device-width, initial-scale=1">
<?php endif; ?>
<?php wp_head(); ?>
</head>
<body <?php body_class(); ?>>
<?php wp_body_open(); ?>
<div class="wp-site-blocks">
<header class="wp-block-template-part"><?php echo $doorstep_head; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- blocks, as WordPress made them. ?></header>
<main id="primary" class="doorstep-page">
<?php print_page(); ?>
</main>
<footer class="wp-block-template-part"><?php echo $doorstep_foot; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- blocks, as WordPress made them. ?></footer>
</div>
<?php wp_footer(); ?>
</body>
</html>
