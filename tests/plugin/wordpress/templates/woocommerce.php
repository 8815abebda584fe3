<?php
/** My Account and the page after a purchase, in WooCommerce's order of hooks. */

get_header();
echo '<main class="woocommerce">';
account_or_thanks( explode( '?', $_SERVER['REQUEST_URI'], 2 )[0] );
echo '</main>';
get_footer();
