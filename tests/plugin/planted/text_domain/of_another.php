<?php
// The domain of another plugin.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function words() {
	return esc_html__( 'Track your order', 'woocommerce' );
}
