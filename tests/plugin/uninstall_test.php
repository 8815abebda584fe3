<?php
/** Uninstalled while WooCommerce is switched off: its tables are still there, its code is not. */

putenv( 'WORDPRESS_WOOCOMMERCE=0' );
require __DIR__ . '/runner.php';

test(
	'the plugin is loaded, and does nothing of WooCommerce\'s',
	function () {
		no( class_exists( 'WC_Webhook' ) );
	}
);

test(
	'webhooks go by a prepared query, and others stay',
	function () {
		update_option( 'doorstep_state', array( 'secret' => SECRET, 'app' => 'https://app_1.example', 'door' => 'https://app_1.example/woocommerce/plugin/token_of_this_shop', 'shop' => 'shop.example', 'key_ids' => array( 11 ) ), false );
		$rows = array(
			array( 'webhook_id' => 1, 'delivery_url' => 'https://app_1.example/webhooks/woocommerce/abc' ),
			array( 'webhook_id' => 2, 'delivery_url' => 'https://appX1.example/webhooks/woocommerce/abc' ),
			array( 'webhook_id' => 3, 'delivery_url' => 'https://other.example/?https://app_1.example/' ),
		);
		store( 'tables', static fn( $tables ) => array( 'wp_wc_webhooks' => $rows ) + $tables );
		define( 'WP_UNINSTALL_PLUGIN', 'doorstep/doorstep.php' );
		require WORDPRESS_PLUGIN . '/uninstall.php';
		same( array( 2, 3 ), array_column( stored( 'tables' )['wp_wc_webhooks'], 'webhook_id' ) );
		same( array( 12, 13 ), array_column( stored( 'tables' )['wp_woocommerce_api_keys'], 'key_id' ) );
		same( array(), array_values( preg_grep( '/^doorstep/', array_keys( stored( 'options' ) ) ) ) );
		same( '{"reason":"uninstalled"}', $GLOBALS['wordpress_requests'][0]['args']['body'] );
	}
);
