<?php
/**
 * A page of Doorstep in a classic theme.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

get_header();
?>
<main id="primary" class="doorstep-page">
<?php print_page(); ?>
</main>
<?php
get_footer();
